// `import json from 'portside:prices'` in a bundle: the price table that ships, as JSON text, so that nothing is parsed
// before a price is asked for. See src/proxy/monitor/prices/price-table.ts.
import { readFileSync } from 'node:fs';
import { slimTable } from './slim-table.mjs';

const NAMES = 'src/proxy/monitor/prices/table-of-provider.ts';

/** The names under which the providers of Portside stand in the package, as the source has them. */
async function tableNames(esbuild) {
  const { code } = await esbuild.transform(readFileSync(NAMES, 'utf8'), { loader: 'ts', format: 'esm' });
  const { TABLE_OF_PROVIDER } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return [...new Set(Object.values(TABLE_OF_PROVIDER).filter(Boolean))];
}

/** An esbuild plugin; it works in the root of the repository. */
export function prices() {
  return {
    name: 'portside-prices',
    setup(build) {
      build.onResolve({ filter: /^portside:prices$/ }, ({ path }) => ({
        path,
        namespace: 'portside-prices',
      }));
      build.onLoad({ filter: /.*/, namespace: 'portside-prices' }, async () => ({
        contents: JSON.stringify(slimTable(await tableNames(build.esbuild))),
        loader: 'text',
        watchFiles: [NAMES],
      }));
    },
  };
}
