// Property tests try the same cases in every run: a failure belongs to the change at hand. PROPERTY_SEED=<number> looks elsewhere.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED) || 20_261_123 });
