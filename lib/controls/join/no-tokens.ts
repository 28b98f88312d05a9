import type { KubernetesObject } from '../../inventory/model';
import type { Json, JsonObject } from '../../inventory/value';
import { control, fail, pass, type Subjects } from '../control';
import { manifests, pod, podOf } from '../pod-examples';
import { Severity } from '../severity';

const everything: Subjects<KubernetesObject> = {
  description: 'every Kubernetes object',
  *select(inventory) {
    for (const resource of inventory.kubernetes) yield { resource, value: resource };
  },
};

/** A value that was never filled in, with its path; undefined when there is none. */
function unresolved(value: Json, path: string): string | undefined {
  if (typeof value === 'string')
    return value.includes('${Token[') || value.includes('#{Token[') || value.includes('${handoff:') ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = unresolved(value[index], `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const key in value) {
    // CloudFormation's functions mean nothing to the API server.
    if (key.startsWith('Fn::')) return path;
    const found = unresolved(value[key], path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueAt(object: JsonObject, path: string): Json {
  let value: Json = object;
  for (const step of path.match(/[^.[\]]+/g) ?? []) value = (value as JsonObject)?.[step];
  return value;
}

export const noTokens = control({
  id: 'A-JON-01',
  title: 'no unresolved value reaches a manifest',
  because: 'a token of the other tree is applied as it stands: the pod gets a role or an address that does not exist',
  severity: Severity.CRITICAL,
  fatal: true,
  maturity: 'stable',
  category: 'governance',
  boundary: 'cluster',
  carrier: 'app-team',
  threats: ['permission-mistake'],
  subjects: everything,
  judge: ({ object }) => {
    const path = unresolved(object, '');
    if (path === undefined) return pass;
    const value = valueAt(object, path);
    return fail(`${path} is ${JSON.stringify(value)?.slice(0, 120)}, which nobody filled in`, path);
  },
  remedy:
    'pass the value through aws.Handoff: fixed values are known at synth, deployed ones come from the file that cdk deploy --outputs-file writes',
  references: {},
  examples: {
    holds: manifests(pod(), podOf({ env: [{ name: 'PRICE', value: '$(OTHER) ${SHELL}' }] })),
    breaks: manifests(
      podOf({ env: [{ name: 'BUCKET', value: '${Token[TOKEN.19]}' }] }),
      podOf({ env: [{ name: 'GROUP', value: '${handoff:output/Platform/Group}' }] }),
      podOf({ args: [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }] }),
    ),
  },
});
