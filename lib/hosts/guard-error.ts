/** Findings break this synthesis. Its stack would only show cdk8s from the inside, so it has none. */
export class GuardError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GuardError';
    this.stack = `${this.name}: ${message}`;
  }
}
