import type { Resource } from './model';

/** A resource as people write it: `Deployment shop/web`, `Namespace shop`, `AWS::S3::Bucket Platform/Statements` by stack and logical id. */
export function resourceName(resource: Resource): string {
  if (resource.tree === 'cloudformation') return `${resource.type} ${resource.stack}/${resource.logicalId}`;
  const { kind, namespace, name } = resource;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Tells the names that a pattern fits; `*` stands for any characters. */
export function namePattern(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return (name) => expression.test(name);
}
