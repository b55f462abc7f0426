/** A failure whose words say it all: where in the program it was found helps nobody to mend it. */
export class PlainError extends Error {}
