import { writeNumber } from './locale';

const NANO = 1e9;

/** Billionths of a US dollar in dollars. */
export function dollarsOf(costNano: number): number {
  return costNano / NANO;
}

/**
 * `$12.35`, `$0.0123`: two digits behind the point from a dollar on, else three that say something. `$0.00` is nothing at
 * all, and nothing else is.
 * @param costNano billionths of a US dollar
 */
export function formatCost(costNano: number): string {
  const dollars = dollarsOf(costNano);
  if (costNano === 0 || Math.abs(dollars) >= 0.9995)
    return money(dollars, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const first = Math.floor(Math.log10(Math.abs(dollars)));
  return money(dollars, {
    minimumFractionDigits: 2,
    // Of a billionth there is no smaller part. The second digit stays where rounding takes a digit more.
    maximumFractionDigits: Math.min(9, Math.max(2, 2 - first)),
  });
}

/** `$0.012345678`: every digit that is known. */
export function formatCostExactly(costNano: number): string {
  return money(dollarsOf(costNano), { minimumFractionDigits: 2, maximumFractionDigits: 9 });
}

function money(dollars: number, digits: Intl.NumberFormatOptions): string {
  return writeNumber(dollars, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    ...digits,
  });
}
