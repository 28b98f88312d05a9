import { Image } from '../../lib/k8s';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each(['1.4.2', 'v1.4.2', '1.4.2-rc.1'])('takes the version %s', (version) => {
  const image = Image.semver('registry.example.com:5000/team/api', version);
  expect([image.reference, image.tag]).toEqual([`registry.example.com:5000/team/api:${version}`, version]);
});

test.each(['latest', '1', '1.4', '', 'stable', '1.4.x', '1.4.2 '])("refuses the floating tag '%s'", (tag) => {
  expect(() => Image.semver('registry.example.com/api', tag)).toThrow(
    `tag '${tag}' of 'registry.example.com/api' may be moved to another image; write all three numbers, as in '1.4.2', or use Image.digest (TagFloating)`,
  );
});

test('takes a digest, with and without a tag', () => {
  expect(Image.digest('registry.example.com/api', DIGEST).reference).toBe(`registry.example.com/api@${DIGEST}`);
  expect(Image.digest('registry.example.com/api', DIGEST, { tag: '1.4' }).reference).toBe(`registry.example.com/api:1.4@${DIGEST}`);
});

test.each(['sha256:123', 'md5:abc', DIGEST.toUpperCase()])("refuses the digest '%s'", (digest) => {
  expect(() => Image.digest('registry.example.com/api', digest)).toThrow(/\(DigestInvalid\)$/);
});

test('refuses a tag beside the digest that no registry takes', () => {
  expect(() => Image.digest('registry.example.com/api', DIGEST, { tag: '1.0 beta' })).toThrow(/tag '1\.0 beta' .*\(TagInvalid\)$/);
});

test.each([
  '',
  'Registry/API',
  'registry.example.com/api:1.0.0',
  `registry.example.com/api@${DIGEST}`,
  'https://registry.example.com/api',
  'a b',
])("refuses the repository '%s'", (repository) => {
  expect(() => Image.semver(repository, '1.0.0')).toThrow(/is no image repository; .* \(RepositoryInvalid\)$/);
});

test('refuses root as the user of an image', () => {
  expect(() => Image.semver('registry.example.com/api', '1.0.0', { uid: 0 })).toThrow(/uid 0 .* \(UidInvalid\)$/);
});
