import { type Exchange, header } from './exchange.ts';
import { page } from './models.ts';
import { badRequest, notFound, sendBody, sendJson } from './respond.ts';

/** What the API tells about a file. */
export type FileMetadata = {
  id: string;
  type: 'file';
  filename: string;
  mime_type: string;
  size_bytes: number;
  created_at: string;
  downloadable: boolean;
};

/** A file as one workspace has it (Files API reference). */
export type StoredFile = { organizationId: string; metadata: FileMetadata; content: Buffer };

/** Oldest files go first beyond this. */
const MAX_FILES = 200;

/** `POST /v1/files`: the first part of a multipart form that has a file name. */
export function uploadFile(exchange: Exchange): void {
  const part = filePart(exchange.record.body, header(exchange, 'content-type') ?? '');
  if (!part) {
    badRequest(exchange, 'file: Field required');
    return;
  }
  const { files, newId, clock } = exchange.world;
  const metadata: FileMetadata = {
    id: newId('file_'),
    type: 'file',
    filename: part.filename,
    mime_type: part.mimeType,
    size_bytes: part.content.length,
    created_at: new Date(clock.now()).toISOString(),
    downloadable: true,
  };
  files.set(metadata.id, {
    organizationId: exchange.account?.organizationId ?? '',
    metadata,
    content: part.content,
  });
  const oldest = files.keys().next();
  if (files.size > MAX_FILES && !oldest.done) files.delete(oldest.value);
  sendJson(exchange, 200, metadata);
}

/** Multipart form data as RFC 7578 frames it, enough of it for one file. */
function filePart(body: Buffer, contentType: string) {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!boundary) return null;
  const mark = `--${boundary}`;
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(`\r\n${mark}`, headEnd);
    if (headEnd === -1 || end === -1) return null;
    const head = body.subarray(at, headEnd).toString('utf8');
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    const mimeType = /content-type:\s*([^\r\n]+)/i.exec(head)?.[1] ?? 'application/octet-stream';
    if (filename !== undefined) return { filename, mimeType, content: body.subarray(headEnd + 4, end) };
  }
  return null;
}

/** The file when it belongs to the account's workspace; otherwise the 404 has been sent. */
function owned(exchange: Exchange, id: string): StoredFile | null {
  const file = exchange.world.files.get(id);
  if (file && file.organizationId === exchange.account?.organizationId) return file;
  notFound(exchange, `File not found: ${id}`);
  return null;
}

/** `GET /v1/files`. */
export function listFiles(exchange: Exchange): void {
  const mine = [...exchange.world.files.values()].filter(
    (file) => file.organizationId === exchange.account?.organizationId,
  );
  sendJson(
    exchange,
    200,
    page(
      exchange,
      mine.map((file) => file.metadata),
    ),
  );
}

/** `GET /v1/files/{id}`. */
export function getFile(exchange: Exchange, id: string): void {
  const file = owned(exchange, id);
  if (file) sendJson(exchange, 200, file.metadata);
}

/** `GET /v1/files/{id}/content`. */
export function getFileContent(exchange: Exchange, id: string): void {
  const file = owned(exchange, id);
  if (file) sendBody(exchange, 200, file.content, { 'content-type': file.metadata.mime_type });
}

/** `DELETE /v1/files/{id}`. */
export function deleteFile(exchange: Exchange, id: string): void {
  if (!owned(exchange, id)) return;
  exchange.world.files.delete(id);
  sendJson(exchange, 200, { id, type: 'file_deleted' });
}
