import { stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import type { ImportSource } from '../../shared/import.ts';

/** Where old programs are looked for. */
export type ImportSurroundings = {
  env: Record<string, string | undefined>;
  home: string;
  platform: NodeJS.Platform;
};

type Product = ImportSource['product'];

/** A place where a database may be, and the settings file that belongs to it. */
type ImportPlace = { readonly product: Product; readonly path: string; readonly configFile: string };

/** A database that is there. */
export type FoundDatabase = Omit<ImportSource, 'id'> & {
  /** Null when there is no settings file. */
  readonly configFile: string | null;
};

/** Variables with which the old programs are told other places. */
const VARIABLES = {
  ccflare: { database: 'ccflare_DB_PATH', config: 'ccflare_CONFIG_PATH' },
  'better-ccflare': { database: 'BETTER_CCFLARE_DB_PATH', config: 'BETTER_CCFLARE_CONFIG_PATH' },
} as const satisfies Record<Product, object>;

/** Every place to look at, those named by variables first, none twice. better-ccflare falls back to ccflare's variables. */
export function importPlaces(around: ImportSurroundings): ImportPlace[] {
  const products: Product[] = ['ccflare', 'better-ccflare'];
  const places = products.flatMap((product) => [
    ...namedPlaces(product, around),
    usualPlace(product, around),
  ]);
  return places.filter(({ path }, index) => places.findIndex((other) => other.path === path) === index);
}

function namedPlaces(product: Product, around: ImportSurroundings): ImportPlace[] {
  const { database, config } = VARIABLES[product];
  const path = around.env[database];
  if (!path) return [];
  return [{ product, path, configFile: around.env[config] || configBeside(product, path, around) }];
}

function usualPlace(product: Product, around: ImportSurroundings): ImportPlace {
  const { join } = pathsOf(around);
  const path = join(configFolder(around), product, `${product}.db`);
  const named = around.env[VARIABLES[product].config] || around.env[VARIABLES.ccflare.config];
  return { product, path, configFile: named || configBeside(product, path, around) };
}

function configBeside(product: Product, path: string, around: ImportSurroundings): string {
  const { dirname, join } = pathsOf(around);
  return join(dirname(path), `${product}.json`);
}

function configFolder(around: ImportSurroundings): string {
  const { env, home, platform } = around;
  const { join } = pathsOf(around);
  if (platform === 'win32') return env.LOCALAPPDATA || env.APPDATA || join(home, 'AppData', 'Local');
  return env.XDG_CONFIG_HOME || join(home, '.config');
}

function pathsOf({ platform }: Pick<ImportSurroundings, 'platform'>): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

/** The places of a database that a user chose, for either product: its name or the settings beside it tell which. */
function chosenPlaces(path: string, around: ImportSurroundings): ImportPlace[] {
  const better = pathsOf(around).basename(path).toLowerCase().includes('better');
  const products: Product[] = better ? ['better-ccflare', 'ccflare'] : ['ccflare', 'better-ccflare'];
  return products.map((product) => ({ product, path, configFile: configBeside(product, path, around) }));
}

/** What is there; null when there is no such file. Nothing is opened. */
export async function lookAtPlace(place: ImportPlace): Promise<FoundDatabase | null> {
  const [database, log, config] = await Promise.all(
    [place.path, `${place.path}-wal`, place.configFile].map((file) => stat(file).catch(() => null)),
  );
  if (!database?.isFile()) return null;
  return {
    product: place.product,
    path: place.path,
    bytes: database.size + (log?.size ?? 0),
    changedAt: Math.max(database.mtimeMs, log?.mtimeMs ?? 0),
    configFile: config?.isFile() ? place.configFile : null,
  };
}

/** The chosen database as the product whose settings lie beside it; by its name where there are none. */
export async function lookAtChosen(path: string, around: ImportSurroundings): Promise<FoundDatabase | null> {
  const found = await Promise.all(chosenPlaces(path, around).map(lookAtPlace));
  return found.find((one) => one !== null && one.configFile !== null) ?? found[0] ?? null;
}
