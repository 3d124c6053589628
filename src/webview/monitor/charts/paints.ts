/**
 * Colours of the theme, and what tells lines apart where colours do not: hatching or paleness of areas, dashes of lines. Red is for
 * failures alone.
 */
import type { Paint } from './chart-data';

type Hatch = 'none' | 'pale' | 'rising' | 'falling' | 'level' | 'dots' | 'upright';

interface Look {
  /** A custom property of charts.css. */
  colour: string;
  hatch: Hatch;
  dash: readonly number[];
}

const GROUPS: readonly Look[] = [
  { colour: '--chart-blue', hatch: 'none', dash: [] },
  { colour: '--chart-yellow', hatch: 'falling', dash: [6, 3] },
  { colour: '--chart-purple', hatch: 'none', dash: [2, 2] },
  { colour: '--chart-green', hatch: 'level', dash: [8, 3, 2, 3] },
  { colour: '--chart-cyan', hatch: 'dots', dash: [10, 4] },
];
const OTHER: Look = { colour: '--chart-grey', hatch: 'upright', dash: [1, 3] };
const LOOKS: Record<Exclude<Paint, number>, Look> = {
  other: OTHER,
  failed: { colour: '--chart-red', hatch: 'rising', dash: [] },
  cached: { colour: '--chart-blue', hatch: 'pale', dash: [] },
  fresh: { colour: '--chart-blue', hatch: 'none', dash: [] },
  out: { colour: '--chart-yellow', hatch: 'none', dash: [] },
  p50: { colour: '--chart-blue', hatch: 'none', dash: [] },
  p90: { colour: '--chart-yellow', hatch: 'none', dash: [7, 4] },
  p99: { colour: '--chart-purple', hatch: 'none', dash: [2, 3] },
};

/** Paints for one theme. */
export interface Palette {
  colour(paint: Paint): string;
  dash(paint: Paint): number[];
  /** Opaque: what lies beneath does not show. */
  fill(paint: Paint): CanvasPattern | string;
  text: string;
  grid: string;
  ground: string;
  font: string;
}

/** Reads the theme's colours off an element that charts.css concerns. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  const ground = read('--chart-ground');
  const fills = new Map<Paint, CanvasPattern | string>();
  const look = (paint: Paint): Look =>
    typeof paint === 'number' ? (GROUPS[paint % GROUPS.length] ?? OTHER) : LOOKS[paint];
  return {
    colour: (paint) => read(look(paint).colour),
    dash: (paint) => [...look(paint).dash],
    fill: (paint) => {
      const known = fills.get(paint);
      if (known) return known;
      const made = hatched(read(look(paint).colour), ground, look(paint).hatch);
      fills.set(paint, made);
      return made;
    },
    text: read('--chart-text'),
    grid: read('--chart-grid'),
    ground,
    font: `11px ${style.fontFamily}`,
  };
}

/** Side of a tile of hatching, in CSS pixels. */
const TILE = 6;

function hatched(colour: string, ground: string, hatch: Hatch): CanvasPattern | string {
  if (hatch === 'none') return colour;
  const scale = Math.max(1, Math.round(devicePixelRatio));
  const tile = document.createElement('canvas');
  tile.width = tile.height = TILE * scale;
  const context = tile.getContext('2d');
  if (!context) return colour;
  context.scale(scale, scale);
  context.fillStyle = colour;
  context.fillRect(0, 0, TILE, TILE);
  context.strokeStyle = context.fillStyle = ground;
  if (hatch === 'pale') {
    context.globalAlpha = 0.55;
    context.fillRect(0, 0, TILE, TILE);
    return context.createPattern(tile, 'repeat') ?? colour;
  }
  context.globalAlpha = 0.5;
  context.lineWidth = 1.2;
  context.beginPath();
  if (hatch === 'dots') context.arc(TILE / 2, TILE / 2, 1.4, 0, 7);
  else
    // Slanted lines go over the corners, so that tiles meet.
    for (const shift of hatch === 'rising' || hatch === 'falling' ? [-TILE, 0, TILE] : [0]) {
      const [from, to] = strokeOf(hatch, shift);
      context.moveTo(from[0], from[1]);
      context.lineTo(to[0], to[1]);
    }
  if (hatch === 'dots') context.fill();
  else context.stroke();
  return context.createPattern(tile, 'repeat') ?? colour;
}

type Point = readonly [x: number, y: number];

function strokeOf(hatch: Exclude<Hatch, 'none' | 'pale' | 'dots'>, shift: number): readonly [Point, Point] {
  switch (hatch) {
    case 'rising':
      return [
        [shift, TILE],
        [shift + TILE, 0],
      ];
    case 'falling':
      return [
        [shift, 0],
        [shift + TILE, TILE],
      ];
    case 'level':
      return [
        [0, TILE / 2],
        [TILE, TILE / 2],
      ];
    case 'upright':
      return [
        [TILE / 2, 0],
        [TILE / 2, TILE],
      ];
  }
}

/** Paints the sample of a line for a legend. */
export function paintSample(canvas: HTMLCanvasElement, palette: Palette, paint: Paint, area: boolean): void {
  const [width, height] = [area ? 12 : 22, 12];
  const scale = Math.max(1, devicePixelRatio);
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  if (area) {
    context.fillStyle = palette.fill(paint);
    context.fillRect(0, 0, canvas.width, canvas.height);
    return;
  }
  context.scale(scale, scale);
  context.strokeStyle = palette.colour(paint);
  context.lineWidth = 2;
  context.setLineDash(palette.dash(paint));
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.stroke();
}
