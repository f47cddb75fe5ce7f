/** What is wrong with a priority, whichever way it is wrong. */
export const PRIORITY_WORDS = 'Use a whole number from 0 to 999; lower is preferred.';
