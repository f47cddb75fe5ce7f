// Packed into the local Electron runtime as its default_app.asar: opens the application folder named on the
// command line, as Electron's own default app does. An ES module, so that `ready` waits for the import below and
// the application can still register privileged schemes. Development and tests only.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const named = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
const folder = resolve(named ?? '.');
const {
  name,
  productName,
  version,
  main = 'index.js',
} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setName(productName ?? name);
app.setVersion(version ?? '0.0.0');
app.setAppPath(folder);
const dataFolder = app.commandLine.getSwitchValue('user-data-dir');
app.setPath('userData', dataFolder ? resolve(dataFolder) : join(app.getPath('appData'), app.name));
Object.defineProperty(process, 'defaultApp', { value: true });
await import(pathToFileURL(join(folder, main)).href);
