/** Construct metadata type under which exemptions and decisions travel; its data is an `AcceptanceRecord`. */
export const ACCEPTANCE_METADATA = 'cdk-bulwark:acceptance';
/** Annotation under which they travel on a Kubernetes object: a JSON array of `AcceptanceRecord`. */
export const ACCEPTANCE_ANNOTATION = 'cdk-bulwark/acceptances';

/** What is written into construct metadata and annotations. */
export interface AcceptanceRecord {
  readonly kind: 'exemption' | 'decision';
  readonly control: string;
  readonly owner: string;
  readonly reason: string;
  readonly until: string;
}
