/** One permitted connection, by name and purpose: every security group rule of a network comes from one of these. */
export interface Flow {
  /** Short name, kebab-case, unique in the network. */
  readonly name: string;
  /** Why it is needed; becomes the description of both rules. */
  readonly purpose: string;
  /** What opens the connection, in words. */
  readonly source: string;
  /** What accepts it, in words. */
  readonly destination: string;
  /** Transport protocol: `TCP` or `UDP`. */
  readonly protocol: string;
  /** Port or range of ports: `443`, `0-65535`. */
  readonly ports: string;
}
