import { type Environment, engine, functions, namespace } from '../engine';
import { Url } from './url';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DATE = /^\d{4}-(\d{2})-(\d{2})$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[-+]\d{2}:\d{2})$/;

/** A named format, whose `validate()` gives what is wrong with a text, or none. */
class Format {
  constructor(
    readonly name: string,
    readonly accepts: (text: string) => boolean,
  ) {}
}

const upTo = (length: number, form: RegExp) => (text: string) => text.length <= length && form.test(text);
/** A prefix may end in the dash that the generated rest follows. */
const prefix = (accepts: (text: string) => boolean) => (text: string) => accepts(text.replace(/-$/, 'a'));
const isDate = (text: string): boolean =>
  DATE.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  if (parts.length > 2) return false;
  return upTo(63, NAME)(parts[parts.length - 1]) && (parts.length === 1 || upTo(253, SUBDOMAIN)(parts[0]));
}

const FORMATS: { readonly [name: string]: Format } = {
  dns1123Label: new Format('DNS1123Label', upTo(63, LABEL)),
  dns1123Subdomain: new Format('DNS1123Subdomain', upTo(253, SUBDOMAIN)),
  dns1035Label: new Format('DNS1035Label', upTo(63, LABEL_1035)),
  qualifiedName: new Format('QualifiedName', isQualifiedName),
  dns1123LabelPrefix: new Format('DNS1123LabelPrefix', prefix(upTo(63, LABEL))),
  dns1123SubdomainPrefix: new Format('DNS1123SubdomainPrefix', prefix(upTo(253, SUBDOMAIN))),
  dns1035LabelPrefix: new Format('DNS1035LabelPrefix', prefix(upTo(63, LABEL_1035))),
  labelValue: new Format('LabelValue', (text) => text === '' || upTo(63, NAME)(text)),
  uri: new Format('URI', (text) => Url.parse(text) !== undefined),
  uuid: new Format('uuid', (text) => UUID.test(text)),
  byte: new Format('byte', (text) => BASE64.test(text)),
  date: new Format('date', isDate),
  datetime: new Format('datetime', (text) => DATE_TIME.test(text) && isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))),
};
export const FORMAT_NAMES: readonly string[] = Object.keys(FORMATS);

/** `format.NAME()` and `format.named(NAME)`. */
export function registerFormats(environment: Environment): void {
  const { Optional } = engine();
  const type = 'kubernetes.NamedFormat';
  environment.registerType(type, Format);
  namespace(environment, 'format', {
    ...Object.fromEntries(FORMAT_NAMES.map((name) => [`${name}(): ${type}`, () => FORMATS[name]])),
    [`named(string): optional<${type}>`]: (name: string) => (Object.hasOwn(FORMATS, name) ? Optional.of(FORMATS[name]) : Optional.none()),
  });
  functions(environment, {
    [`${type}.validate(string): optional<list<string>>`]: (format: Format, text: string) =>
      format.accepts(text) ? Optional.none() : Optional.of([`'${text}' is no ${format.name}`]),
  });
}
