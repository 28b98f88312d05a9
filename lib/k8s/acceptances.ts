import type * as cdk8s from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ACCEPTANCE_ANNOTATION, ACCEPTANCE_METADATA, type AcceptanceRecord } from '../controls/acceptance-record';

/** Records on a construct and above it, as the JSON an object carries; undefined when there are none. */
export function acceptancesOf(scope: IConstruct): string | undefined {
  let records: Map<string, AcceptanceRecord> | undefined;
  for (const at of scope.node.scopes) {
    for (const entry of at.node.metadata) {
      if (entry.type !== ACCEPTANCE_METADATA) continue;
      const { control, kind, owner, reason, until } = entry.data as AcceptanceRecord;
      records ??= new Map();
      // Keys sorted by construction; the text is also what makes two equal records one.
      const record = { control, kind, owner, reason, until };
      records.set(JSON.stringify(record), record);
    }
  }
  return records && `[${[...records.keys()].sort().join(',')}]`;
}

type Metadata = { annotations?: { [key: string]: string } };

/** Writes the records into an object's metadata; gives the same object back when there is nothing to write. */
export function withAcceptances<M extends Metadata>(metadata: M, scope: IConstruct): M {
  const text = acceptancesOf(scope);
  if (text === undefined || metadata.annotations?.[ACCEPTANCE_ANNOTATION] === text) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, [ACCEPTANCE_ANNOTATION]: text } };
}

/** Annotates every object of an App, of whatever class: a resolver is the one hook all of them pass, in every output mode. */
export class AcceptanceResolver implements cdk8s.IResolver {
  public resolve(context: cdk8s.ResolutionContext): void {
    if (context.key.length !== 1 || context.key[0] !== 'metadata') return;
    const metadata = withAcceptances(context.value as Metadata, context.obj);
    if (metadata !== context.value) context.replaceValue(metadata);
  }
}
