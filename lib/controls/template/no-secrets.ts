import { type Json, Unknown, type Value } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { options } from '../template-values';
import { everyResource, leaves, writtenParts } from './strings';

/** Names under which services and programs take a secret as text. */
const NAMES =
  /^(secretstring|passphrase|(\w*[a-z_])?passw(or)?d|(\w*_)?pwd|(auth|oauth|access|refresh|bearer|personal_?access|api)_?token|(\w*_)?(client|app|shared|consumer)_?secret|(\w*_)?secret_?(access_)?key|(\w*_)?private_?key|(\w*_)?api_?key|masteruserpassword|\w+_(password|token))$/i;

/** Forms that are secrets under whatever name: of keys, and of tokens that their issuers made recognisable. */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ['an access key of AWS', /(^|[^A-Z0-9])(AKIA|ASIA)[A-Z2-7]{16}($|[^A-Z0-9])/],
  ['a private key', /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/],
  ['a token of GitHub', /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})/],
  ['a token of GitLab', /\bglpat-[A-Za-z0-9_-]{20,}/],
  ['a token of Slack', /\bxox[abprs]-[A-Za-z0-9-]{20,}/],
];

/** Text that only points at a secret, and the words for none. */
const POINTER =
  /^(arn:|ssm:|secretsmanager:|https?:\/\/|\/[\w/-]+$|\$\{|\{\{)|^(true|false|none|null|required|optional|enabled|disabled)?$/i;

/** AWS publishes this key in its documentation; it opens nothing. */
const DOCUMENTED = /AKIAIOSFODNN7EXAMPLE/;

function isLiteral(value: Value): value is string | number {
  return (typeof value === 'string' && !POINTER.test(value)) || (typeof value === 'number' && String(value).length > 3);
}

const database = (MasterUserPassword: Json) =>
  template({ Database: resource('AWS::RDS::DBInstance', { DBInstanceClass: 'db.t4g.micro', MasterUserPassword }) });
const environment = (variables: object) =>
  template({ Function: resource('AWS::Lambda::Function', { Environment: { Variables: { ...variables } } }) });

/**
 * A value that a parameter or a dynamic reference brings is not in the template. What stands there is judged by the name it stands under and by forms
 * that only secrets have; a secret under another name and of no form is not seen.
 */
export const noSecrets = control({
  id: 'A-SEC-03',
  title: 'no secret is written in a template',
  because: 'templates are in version control, in the deployment bucket and in the console of everybody who may look at stacks',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'secrets',
  boundary: 'cloud',
  carrier: 'app-team',
  threats: ['credential-leak'],
  subjects: everyResource,
  judge: ({ properties }) => {
    for (const { value, key, at } of leaves(properties)) {
      for (const option of options(value)) {
        if (option === undefined || option instanceof Unknown) continue;
        for (const part of writtenParts(option)) {
          const form = FORMS.find(([, pattern]) => pattern.test(part) && !DOCUMENTED.test(part));
          if (form !== undefined) return fail(`property ${key} holds ${form[0]}`, at);
        }
        // The value itself is not repeated: a report is read by more people than a template.
        if (NAMES.test(key) && isLiteral(option)) return fail(`property ${key} holds a secret as text`, at);
      }
    }
    return pass;
  },
  remedy:
    'keep the value in Secrets Manager and write {{resolve:secretsmanager:NAME:SecretString:KEY}}, or let the service make and keep it',
  references: { cisEks: ['4.4.1'], scanners: { 'cfn-lint': ['W1011', 'W2501'], checkov: ['CKV_SECRET_6', 'CKV_AWS_45', 'CKV_AWS_46'] } },
  examples: {
    holds: [
      database('{{resolve:secretsmanager:db:SecretString:password}}'),
      database(setting),
      template({
        Secret: resource('AWS::SecretsManager::Secret', { GenerateSecretString: { PasswordLength: 32, ExcludePunctuation: true } }),
      }),
      template({ Template: resource('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } }) }),
      environment({ DB_PASSWORD_ARN: 'x', DB_SECRET: 'prod/db', API_TOKEN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:api' }),
    ],
    breaks: [
      database('correct-horse'),
      template({ Secret: resource('AWS::SecretsManager::Secret', { SecretString: '{"password":"correct-horse"}' }) }),
      environment({ DB_PASSWORD: 'correct-horse' }),
      environment({ ID: 'AKIAABCDEFGHIJKLMNOP' }),
      environment({ TEXT: '-----BEGIN PRIVATE KEY-----\nMIIE\n' }),
    ],
  },
});
