import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OF_ACCOUNTS, OF_CLUSTERS, OF_VPCS, providerDefaults } from '../../lib/controls/provider-defaults';
import { inventoryOf, readTemplate } from '../../lib/inventory';
import type { JsonObject } from '../../lib/inventory/value';
import { Examination } from '../../lib/posture/examine';
import { layoutOf, textReport } from '../../lib/report';

const of = (Resources: JsonObject) => providerDefaults(inventoryOf({ template: { Resources } }));
const cluster = { Type: 'AWS::EKS::Cluster', Properties: { Name: 'shop' } };
const vpc = { Type: 'AWS::EC2::VPC', Metadata: { 'aws:cdk:path': 'Shop/Network/Vpc' } };

test('stand in the report of clusters and VPCs, and of nothing else', () => {
  expect(of({ Bucket: { Type: 'AWS::S3::Bucket' } })).toEqual([]);
  const account = OF_ACCOUNTS.length;
  expect(of({ Cluster: cluster })).toHaveLength(OF_CLUSTERS.length + account);
  expect(of({ Vpc: vpc })).toHaveLength(OF_VPCS.length + account);
  expect(of({ Cluster: cluster, Other: cluster, Vpc: vpc })).toHaveLength(2 * OF_CLUSTERS.length + OF_VPCS.length + account);
});

test('name what they are of, and the cluster where its name is known', () => {
  const [ingress] = of({ Cluster: cluster });
  expect(ingress).toMatchObject({ id: 'cluster-security-group-ingress', of: 'template/Cluster' });
  expect(ingress.call).toContain('aws eks describe-cluster --name shop ');
  expect(of({ Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Name: { Ref: 'AWS::StackName' } } } })[0].call).toContain(
    '--name CLUSTER ',
  );
  expect(of({ Vpc: vpc })[0].of).toBe('Shop/Network/Vpc');
});

test.each([...OF_CLUSTERS, ...OF_VPCS, ...OF_ACCOUNTS].map((row) => [row.id, row] as const))(
  '%s has one command, and a line in the guide',
  (id, row) => {
    const call = row.call('NAME');
    expect(call).toMatch(/(^|; )aws [a-z0-9-]+ [a-z-]+/);
    expect(call).not.toMatch(/\n|undefined/);
    expect(row.open).not.toMatch(/^[A-Z][a-z]|\.$/);
    const guide = readFileSync(join(__dirname, '../../docs/guide/provider-defaults.md'), 'utf8');
    const line = guide.split('\n').find((text) => text.startsWith(`| \`${id}\` |`));
    const verb = /aws (ec2 revoke-security-group-\w+|[a-z0-9-]+ [a-z-]+)/.exec(
      call.includes('revoke') ? call.slice(call.indexOf('aws ec2 revoke')) : call,
    )?.[0];
    expect(line).toContain(`\`${verb}\``);
  },
);

test('are printed after the findings, each command on a line of its own', () => {
  const examination = new Examination([readTemplate({ Resources: { Cluster: cluster } }, { stack: 'Shop' })], { controls: [] });
  const { findings, summary, notes, providerDefaults } = examination;
  const text = textReport({ findings, summary, notes, providerDefaults, failOn: 'medium' }, layoutOf(80, false));
  expect(text).toContain('PROVIDER DEFAULTS, OPEN\n');
  for (const { call } of providerDefaults) expect(text.split('\n')).toContain(`        ${call}`);
  expect(textReport({ findings, summary, notes, failOn: 'medium' }, layoutOf(80, false))).not.toContain('PROVIDER DEFAULTS');
});
