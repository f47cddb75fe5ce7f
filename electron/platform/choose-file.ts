import { dialog } from 'electron';

/** Lets the user choose an old database; null when they did not. Folders that begin with a dot are shown. */
export async function chooseDatabaseFile(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: 'Choose the database of ccflare or better-ccflare',
    buttonLabel: 'Look at it',
    properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
    filters: [
      { name: 'SQLite databases', extensions: ['db', 'sqlite', 'sqlite3'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return canceled ? null : (filePaths[0] ?? null);
}
