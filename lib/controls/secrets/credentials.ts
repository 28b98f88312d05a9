import type { Json } from '../../inventory/value';

// Written so that JavaScript and RE2 read them alike, and without a character that CEL text would have to escape.

/** Names that end in what a credential is called. `TOKEN_URL`, `SECRET_NAME` and `PASSWORD_FILE` say where one is, which is no secret. */
export const SECRET_NAME =
  '(passw(or)?d|passphrase|pwd|secret|token|credentials?|(secret|api|access|private|encryption|signing)[_.-]?key)[_.-]?[0-9]*$';
/** Values that are no credential, whatever they are called: a switch, a small number, a path, an address, a reference to be filled in. */
export const HARMLESS =
  '^(true|false|yes|no|on|off|none|null|[0-9]{0,5}|/.*|.*[$][({].*|.*[{][{].*|arn:.*|[a-z0-9+.-]+://.*|(vault|ref[+]|op|file|ssm|sops):.*)$';
/** Values that are a credential, whatever they are called: private keys, keys of AWS, tokens of GitHub and Slack, an address with a password in it. */
export const SECRET_VALUE =
  '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----|(^|[^A-Za-z0-9])AKIA[A-Z0-9]{16}($|[^A-Za-z0-9])|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[0-9A-Za-z-]{10}|://[^/ :@$]+:[^/ :@$]+@[^/ @]';

const name = new RegExp(SECRET_NAME, 'i');
const harmless = new RegExp(HARMLESS, 'is');
const value = new RegExp(SECRET_VALUE);

/** True where a key and its literal value look like a credential in the open. Says nothing of values that are no text. */
export function isCredential(key: string, text: Json | undefined): boolean {
  if (typeof text !== 'string' || text === '') return false;
  return value.test(text) || (name.test(key) && !harmless.test(text));
}

/** The same as CEL, over the names of two text variables. */
export function credentialCel(key: string, text: string): string {
  return `(${text}.matches('${SECRET_VALUE}') || (${key}.matches('(?i)${SECRET_NAME}') && ${text} != '' && !${text}.matches('(?is)${HARMLESS}')))`;
}
