import { spawnSync } from 'node:child_process';

interface CheckovReport {
  readonly results?: {
    readonly failed_checks: readonly { readonly check_id: string; readonly check_name: string; readonly resource: string }[];
  };
}

/** What checkov holds against a folder. It asks for no guidelines over the network. */
export function checkov(framework: 'cloudformation' | 'kubernetes', folder: string): { rule: string; resource: string; message: string }[] {
  const args = [
    '--framework',
    framework,
    '--directory',
    folder,
    '--output',
    'json',
    '--quiet',
    '--compact',
    '--skip-download',
    '--skip-results-upload',
  ];
  const { stdout, stderr } = spawnSync(process.env.CHECKOV ?? '', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const start = stdout.search(/[[{]/);
  if (start < 0) throw new Error(`checkov said nothing of ${folder}:\n${stderr}`);
  const parsed = JSON.parse(stdout.slice(start)) as CheckovReport | CheckovReport[];
  return [parsed]
    .flat()
    .flatMap((report) =>
      (report.results?.failed_checks ?? []).map(({ check_id: rule, check_name: message, resource }) => ({ rule, resource, message })),
    );
}
