// Property tests try the same cases in every run: a failure belongs to the change at hand. PROPERTY_SEED=<number> looks elsewhere.
import { createRequire } from 'node:module';

// The tests are built as CommonJS, and the other form of the package has settings of its own.
const fc = createRequire(import.meta.url)('fast-check');

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED) || 20_261_123 });
