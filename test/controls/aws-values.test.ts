import { isUnlimited, speaksOf } from '../../lib/controls/iam/statements';
import { readUserData, userDataText } from '../../lib/controls/nodes/user-data';
import { isAnyone, namesSomebody } from '../../lib/controls/principals';
import { isEverywhere } from '../../lib/controls/vpc/routes';
import { opensTo, portsOf, protocolOf } from '../../lib/controls/vpc/rules';
import { inventoryOf } from '../../lib/inventory';
import { matchesAction } from '../../lib/inventory/glob';
import { Reference, Text, Unknown, type Value } from '../../lib/inventory/value';
import { find, verdicts } from './judged';

const nothing = inventoryOf({});
const statement = (resource: Value) => ({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: resource });

describe('actions and resources of a statement', () => {
  test.each([
    ['iam:PassRole', 'iam:PassRole', true],
    ['iam:pass*', 'iam:PassRole', true],
    ['IAM:*', 'iam:PassRole', true],
    ['*', 'iam:PassRole', true],
    ['iam:Pass?ole', 'iam:PassRole', true],
    ['iam:Pass', 'iam:PassRole', false],
    ['s3:*', 'iam:PassRole', false],
  ])('%s matches %s: %s', (pattern, action, expected) => expect(matchesAction(pattern, action)).toBe(expected));

  test('NotAction speaks of all but what it lists', () => {
    expect(speaksOf({ NotAction: 'iam:*' }, 'iam:PassRole')).toBe(false);
    expect(speaksOf({ NotAction: 's3:*' }, 'iam:PassRole')).toBe(true);
    expect(speaksOf({ NotAction: [new Unknown('parameter A')] }, 'iam:PassRole')).toBe('unknown');
    expect(speaksOf({ Action: [new Unknown('parameter A')] }, 'iam:PassRole')).toBe('unknown');
  });

  test.each<[Value, boolean | 'unknown']>([
    ['*', true],
    ['arn:aws:kms:eu-west-1:111122223333:key/*', true],
    ['arn:aws:kms:*:*:*', true],
    ['arn:aws:kms:*', true],
    ['arn:*', true],
    [new Text(['arn:', new Reference('s', 'AWS::Partition', 'Ref'), ':kms:eu-west-1:111122223333:key/*']), true],
    ['arn:aws:kms:eu-west-1:111122223333:key/1234', false],
    ['arn:aws:s3:::bucket/*', false],
    [['arn:aws:s3:::bucket/*', new Reference('s', 'Key', 'Arn')], false],
    [new Unknown('parameter Keys'), 'unknown'],
  ])('%s is no particular key: %s', (resource, expected) => expect(isUnlimited(statement(resource), 'kms:Decrypt')).toBe(expected));

  test('a role below a path is a choice, every role is none', () => {
    expect(isUnlimited(statement('arn:aws:iam::111122223333:role/team/*'), 'iam:PassRole')).toBe(false);
    expect(isUnlimited(statement('arn:aws:iam::111122223333:role/*'), 'iam:PassRole')).toBe(true);
    expect(isUnlimited({ NotResource: 'arn:aws:iam::111122223333:role/a' }, 'iam:PassRole')).toBe(true);
  });
});

describe('principals', () => {
  test.each<[Value, boolean]>([
    ['*', true],
    [{ AWS: '*' }, true],
    [{ AWS: ['arn:aws:iam::111122223333:root', '*'] }, true],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, false],
    [{ Service: 'ec2.amazonaws.com' }, false],
  ])('%j is everyone: %s', (principal, expected) => expect(isAnyone(principal)).toBe(expected));

  test.each<[object, boolean]>([
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, true],
    [{ StringEquals: { 'KMS:CallerAccount': '111122223333' } }, true],
    [{ StringEquals: { 'aws:PrincipalOrgID': '*' } }, false],
    [{ StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } }, false],
    [{ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-1' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, false],
  ])('the condition %j names somebody: %s', (Condition, expected) =>
    expect(namesSomebody({ Condition: Condition as Value })).toBe(expected),
  );
});

describe('rules of security groups', () => {
  test.each<[Value, boolean]>([
    ['0.0.0.0/0', true],
    ['::/0', true],
    ['0::/0', true],
    ['10.0.0.0/0', true],
    ['0.0.0.0/00', true],
    ['0.0.0.0/1', true],
    ['128.0.0.0/1', true],
    ['10.0.0.0/8', false],
    ['2001:db8::/32', false],
    [new Unknown('parameter Range'), false],
  ])('%s is everywhere: %s', (cidr, expected) => expect(isEverywhere(cidr)).toBe(expected));

  test.each<[object, object | string]>([
    [
      { IpProtocol: '-1', FromPort: 22, ToPort: 22 },
      { from: 0, to: 65535 },
    ],
    [{ IpProtocol: -1 }, { from: 0, to: 65535 }],
    [
      { IpProtocol: 'tcp', FromPort: '22', ToPort: '80' },
      { from: 22, to: 80 },
    ],
    [{ IpProtocol: 'tcp' }, { from: 0, to: 65535 }],
    [
      { IpProtocol: 'tcp', FromPort: -1, ToPort: -1 },
      { from: 0, to: 65535 },
    ],
    [
      { IpProtocol: '6', FromPort: 22 },
      { from: 22, to: 22 },
    ],
    [{ IpProtocol: 'tcp', FromPort: new Unknown('parameter Port'), ToPort: 22 }, 'unknown'],
  ])('%j has the ports %j', (rule, expected) => expect(portsOf(rule as { [key: string]: Value })).toEqual(expected));

  test('protocols by number are those by name', () => {
    expect([6, '17', -1, 'TCP', 'icmp'].map((IpProtocol) => protocolOf({ IpProtocol }))).toEqual(['tcp', 'udp', 'all', 'tcp', 'icmp']);
  });

  test('the range of the VPC is decided at deployment and never everywhere', () => {
    expect(opensTo(nothing, { CidrIp: new Reference('s', 'Vpc', 'CidrBlock') }, 'Source')).toBeUndefined();
    expect(opensTo(nothing, { CidrIp: new Unknown('parameter Range') }, 'Source')).toBe('unknown');
    expect(opensTo(nothing, { SourcePrefixListId: 'pl-1' }, 'Source')).toBe('unknown');
    expect(opensTo(nothing, { SourceSecurityGroupId: 'sg-1' }, 'Source')).toBeUndefined();
  });
});

describe('user data', () => {
  const config = (settings: string, boundary = '//') =>
    `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\nContent-Type: application/node.eks.aws\r\n\r\n---\r\napiVersion: node.eks.aws/v1alpha1\r\nkind: NodeConfig\r\nspec:\r\n  kubelet:\r\n    config:\r\n      ${settings}\r\n\r\n--${boundary}\r\nContent-Type: text/x-shellscript\r\n\r\n#!/bin/bash\r\necho seccompDefault: true\r\n\r\n--${boundary}--\r\n`;

  test('TOML is read in every form it is written in', () => {
    for (const toml of [
      '[settings.kubernetes]\nseccomp-default = true',
      'settings.kubernetes.seccomp-default = true',
      '[settings]\nkubernetes = { seccomp-default = true }',
      '[settings]\nkubernetes.seccomp-default = true',
    ])
      expect(readUserData(toml)).toEqual({ language: 'bottlerocket', settings: { kubernetes: { 'seccomp-default': true } } });
  });

  test('a comment or a text inside is no setting', () => {
    const toml = '# [settings.kubernetes]\n[settings.motd]\ntext = """\n[settings.kubernetes]\nseccomp-default = true\n"""\n';
    expect(readUserData(toml)?.settings.kubernetes).toBeUndefined();
  });

  test('of several NodeConfigs the last one wins, and scripts beside them are not read', () => {
    const both = `${config('seccompDefault: true').replace(/--\/\/--\r\n$/, '')}${config('seccompDefault: false').split('\r\n\r\n').slice(1).join('\r\n\r\n')}`;
    expect(readUserData(both)).toMatchObject({
      language: 'nodeadm',
      settings: { spec: { kubelet: { config: { seccompDefault: false } } } },
    });
  });

  test('what is neither is not guessed', () => {
    for (const text of ['#!/bin/bash\n/etc/eks/bootstrap.sh shop', '', '[settings.kubernetes\nbroken', 'kind: NodeConfig: broken'])
      expect(readUserData(text)).toBeUndefined();
  });

  test('Base64 is decoded, plain text and text with open parts are not', () => {
    expect(userDataText(Buffer.from('[settings]\n').toString('base64'))).toBe('[settings]\n');
    expect(userDataText('[settings]\n')).toBe('[settings]\n');
    expect(userDataText(new Text(['a = ', new Unknown('parameter A')]))).toContain('a = ');
    expect(userDataText(new Unknown('parameter A'))).toBeUndefined();
  });
});

describe('support of Kubernetes versions', () => {
  const cluster = (Version: string) => ({
    template: { Resources: { C: { Type: 'AWS::EKS::Cluster', Properties: { Version, UpgradePolicy: { SupportType: 'STANDARD' } } } } },
  });
  const said = (version: string, asOf: string) =>
    find('A-EKS-12').judge(
      inventoryOf(cluster(version)).cloudformation[0],
      { inventory: nothing, kubernetes: '1.35', asOf },
      inventoryOf(cluster(version)).cloudformation[0],
    ).verdict;

  test('ends with its last day, and on no day before', () => {
    expect(said('1.34', '2026-12-02')).toBe('pass');
    expect(said('1.34', '2026-12-03')).toBe('fail');
    expect(verdicts(find('A-EKS-12'), cluster('1.33')).map(({ verdict }) => verdict)).toEqual(['fail']);
  });
});
