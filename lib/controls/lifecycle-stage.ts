import type { CloudFormationResource } from '../inventory/model';

/** Metadata key under which a resource says that it may be lost; `aws.Lifecycle` writes it for everything below production. */
export const STAGE = 'cdk-bulwark:lifecycle';

/** The stage a resource says it belongs to where that is below production: `staging` or `ephemeral`. */
export function stageBelowProduction({ metadata }: CloudFormationResource): string | undefined {
  const stage = metadata[STAGE];
  return stage === 'staging' || stage === 'ephemeral' ? stage : undefined;
}
