import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import { CALL_NAMES, callChannel } from '../../shared/ipc/channels.ts';
import { fail } from '../../shared/ipc/envelope.ts';
import type { Logger } from '../core/thread-contract.ts';
import { answerCall, type Handlers, isTrusted } from './answer-call.ts';

/** The only place that listens to the page: sender, argument, handler, answer, in that order. */
export function handleCalls(deps: {
  handlers: Handlers;
  /** WebContents id of the dashboard, null while there is none. */
  windowId: () => number | null;
  isOurs: (url: string) => boolean;
  log: Logger;
}): void {
  const trusted = (event: IpcMainInvokeEvent): boolean => {
    const frame = event.senderFrame;
    if (frame === null) return false;
    const sender = {
      contentsId: event.sender.id,
      mainFrame: frame === event.sender.mainFrame,
      url: frame.url,
    };
    return isTrusted(sender, deps.windowId(), deps.isOurs);
  };
  for (const name of CALL_NAMES) {
    ipcMain.handle(callChannel(name), (event, argument: unknown) => {
      if (trusted(event)) return answerCall(name, argument, deps.handlers, deps.log);
      deps.log.warn('ipc_foreign_sender', { call: name });
      return fail({ code: 'internal', message: 'Refused.' });
    });
  }
}
