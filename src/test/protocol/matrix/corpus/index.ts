import { ANSWERS } from './answers';
import { CONTENT } from './content';
import { SETTINGS } from './settings';
import { TOOLS } from './tools';

export type { Case } from './case';

/** All conversations of the matrix. */
export const CORPUS = [...CONTENT, ...TOOLS, ...SETTINGS, ...ANSWERS];
