/** Made at build time by `scripts/prices/plugin.mjs`: the JSON of a PriceTable. */
declare module 'portside:prices' {
  const json: string;
  export default json;
}
