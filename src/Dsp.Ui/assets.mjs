// Fills wwwroot: our theme compiled by Sass, the font, govuk-frontend's module, our own three scripts, the licences.
// Run by the build (Dsp.Ui.targets) or by `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'sass';

const here = fileURLToPath(new URL('.', import.meta.url));
const at = (...parts) => join(here, ...parts);
const font = at('node_modules', '@fontsource-variable', 'atkinson-hyperlegible-next');
const govuk = at('node_modules', 'govuk-frontend');
const out = (...parts) => at('wwwroot', ...parts);

rmSync(out(), { recursive: true, force: true });
mkdirSync(out('fonts'), { recursive: true });
mkdirSync(out('licences'), { recursive: true });

const { css } = compile(at('Styles', 'dsp.scss'), { style: 'compressed', loadPaths: [at('node_modules')], quietDeps: true });
if (/url\(\s*["']?data:/i.test(css)) throw new Error('The style sheet holds a data: URI; the content security policy refuses it.');
writeFileSync(out('dsp.css'), css);

for (const subset of ['latin', 'latin-ext']) {
  copyFileSync(join(font, 'files', `atkinson-hyperlegible-next-${subset}-wght-normal.woff2`), out('fonts', `ahn-${subset}.woff2`));
}

// The source map is not served, so its address is cut off.
const module = readFileSync(join(govuk, 'dist', 'govuk', 'govuk-frontend.min.js'), 'utf8');
writeFileSync(out('govuk-frontend.min.js'), module.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
for (const script of ['dsp.js', 'js-enabled.js', 'passkey.js']) copyFileSync(at('Scripts', script), out(script));

copyFileSync(join(font, 'LICENSE'), out('licences', 'atkinson-hyperlegible-next.txt'));
// The package brings no licence file: its notice is kept in our Licences folder.
copyFileSync(at('Licences', 'govuk-frontend.txt'), out('licences', 'govuk-frontend.txt'));
