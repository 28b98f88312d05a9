import { basename, join } from 'node:path';
import { filesOf, type Judge, output } from './judge';

interface Report {
  readonly name: string;
  readonly not_compliant: readonly { readonly Rule: { readonly name: string; readonly checks: unknown } }[];
}

/** Where in the template a rule of cfn-guard failed, and what it says: both lie at any depth of its answer. */
function told(value: unknown, paths: Set<string>, messages: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') {
      const [, id] = (key === 'path' && /^\/Resources\/([^/[]+)/.exec(inner)) || [];
      if (id !== undefined) paths.add(id);
      const [, title] = (key === 'custom_message' && /\[(CT\.[^\n]*)/.exec(inner)) || [];
      if (title !== undefined) messages.add(title.replace(']', ''));
    } else told(inner, paths, messages);
  }
}

/** The proactive controls of AWS Control Tower, in the language of cfn-guard. */
export const cfnGuard: Judge = {
  name: 'cfn-guard',
  variable: 'CFN_GUARD',
  reads: { templates: 'eks_endpoint_no_public_access_check' },
  run(program, tree, folder) {
    const rules = join(program, '..', '..', '..', '..', 'rules', 'control-tower', 'cfn-guard');
    const files = filesOf(folder, tree).flatMap((file) => ['--data', join(folder, file)]);
    const flags = ['--output-format', 'json', '--show-summary', 'none', '--structured'];
    const reports = JSON.parse(output(program, ['validate', '--rules', rules, ...files, ...flags])) as Report[];
    return reports.flatMap(({ name, not_compliant: failed }) =>
      failed.flatMap(({ Rule: { name: rule, checks } }) => {
        const [paths, messages] = [new Set<string>(), new Set<string>()];
        told(checks, paths, messages);
        return [...paths].map((resource) => ({ file: basename(name), rule, resource, message: [...messages].join('; ') }));
      }),
    );
  },
};
