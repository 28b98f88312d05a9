import { statementsOf } from '../../inventory/join';
import { isObject, isOpen } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { isAnyone, namesSomebody } from '../principals';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';

const images = (...statements: object[]) =>
  template({
    Images: resource('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: statements.map((statement) => ({ Effect: 'Allow', Action: 'ecr:BatchGetImage', ...statement })) },
    }),
  });

export const repositoryPrincipals = control({
  id: 'A-ECR-05',
  title: 'policies of registries name who may pull and push',
  because: 'a repository for everyone gives its images to every account, or takes theirs',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['workload-attack', 'permission-mistake'],
  subjects: resources('AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy'),
  judge: ({ type, properties }) => {
    const [name, policy] =
      type === 'AWS::ECR::Repository' ? ['RepositoryPolicyText', properties.RepositoryPolicyText] : ['PolicyText', properties.PolicyText];
    const path = `Properties.${name}`;
    if (isOpen(policy)) return undecided('the policy is decided at deployment', path);
    let open: string | undefined;
    for (const [index, statement] of statementsOf(policy).entries()) {
      const anyone = isAnyone(statement.Principal) || statement.NotPrincipal !== undefined;
      if (statement.Effect !== 'Allow' || !anyone || namesSomebody(statement)) continue;
      const where = `${path}.Statement[${index}]`;
      if (statement.Condition === undefined || isObject(statement.Condition))
        return fail('a statement is for everyone, and no condition says who', where);
      open ??= where;
    }
    return open === undefined ? pass : undecided('whom the statement is for is decided at deployment', open);
  },
  remedy: 'name accounts or roles in Principal, or add a condition on aws:PrincipalOrgID',
  references: { cisEks: ['5.1.2', '5.1.3'], scanners: { checkov: ['CKV_AWS_32'], trivy: ['AVD-AWS-0032'] } },
  examples: {
    holds: [
      template({ Images: resource('AWS::ECR::Repository') }),
      images({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
      images({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    ],
    breaks: [
      images({ Principal: '*' }),
      images({ Principal: { AWS: '*' } }),
      template({
        Registry: resource('AWS::ECR::RegistryPolicy', {
          PolicyText: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', Resource: '*' }] },
        }),
      }),
    ],
    undecided: [
      template({ Images: resource('AWS::ECR::Repository', { RepositoryPolicyText: setting }) }),
      images({ Principal: '*', Condition: setting }),
    ],
  },
});
