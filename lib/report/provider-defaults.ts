import type { ProviderDefault } from '../controls/provider-defaults';
import { type Layout, wrap } from './layout';

/** What AWS leaves open, by what it is of, each with the call that closes it. */
export function providerDefaultsText(defaults: readonly ProviderDefault[], layout: Layout): string {
  const { bold, dim } = layout.colors;
  const lines = [bold('PROVIDER DEFAULTS, OPEN'), wrap('no template can close them; each with the call that does', 2, layout)];
  for (const of of new Set(defaults.map((one) => one.of))) {
    lines.push(wrap(of, 2, layout));
    for (const { open, call } of defaults.filter((one) => one.of === of)) {
      // A command is for copying: a line break inside would end it.
      lines.push(wrap(open, 6, layout, '    - '), dim(`        ${call}`));
    }
  }
  return lines.join('\n');
}
