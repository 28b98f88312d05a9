import type { Framework, Requirement } from '../../frameworks';
import type { Catalogue } from '../../posture/selection';
import { type Layout, table } from '../../report';

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly edition: string;
  readonly url: string;
  /** Requirements that controls of this version, or the provider, answer in full. */
  readonly covered: number;
  readonly total: number;
  readonly requirements: readonly object[];
}

/** Frameworks as plain data, with how much of each this version covers. */
export function frameworksData(frameworks: readonly Framework[], { allControls }: Catalogue): Listed[] {
  const known = new Set(allControls.map(({ id }) => id));
  const isCovered = (requirement: Requirement): boolean =>
    'provider' in requirement || ('controls' in requirement && requirement.controls.every((id) => known.has(id)));
  return frameworks.map(({ id, title, edition, url, requirements }) => ({
    id,
    title,
    edition,
    url,
    covered: requirements.filter(isCovered).length,
    total: requirements.length,
    requirements: requirements.map((requirement) => ({
      ...requirement,
      covered: isCovered(requirement),
      except: 'controls' in requirement ? requirement.except?.what : undefined,
    })),
  }));
}

/** The same as a table. */
export function frameworksTable(listed: readonly Listed[], layout: Layout): string {
  const rows = [
    ['id', 'covered', 'of', 'edition', 'title'],
    ...listed.map(({ id, covered, total, edition, title }) => [id, String(covered), String(total), edition, title]),
  ];
  const [head, ...lines] = table(rows, 0);
  return `${[layout.colors.bold(head), ...lines].join('\n')}\n`;
}
