/**
 * Property tests begin at the same seed in every run, so that a run can be repeated and a change is judged by what it
 * changed. `PROPERTY_SEED=$RANDOM npm test` explores others.
 */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });
