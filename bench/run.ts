import type { Target } from './load.ts';
import { median, pause, residentMb } from './measure.ts';
import { addedRatio, ms, type Row, table, times } from './report.ts';
import { aborts } from './scenarios/aborts.ts';
import { largeBodies } from './scenarios/bodies.ts';
import { choosing } from './scenarios/choose.ts';
import { sequentialLatency } from './scenarios/latency.ts';
import { pacedStreams, type StreamResult } from './scenarios/streams.ts';
import { throughput } from './scenarios/throughput.ts';
import { direct, startOurs, startPassthrough } from './targets.ts';
import { startUpstream } from './upstream.ts';

// Everything runs in one go and in turns, so that ratios hold on a noisy machine. `--quick` takes a tenth of it.
// `--choose` runs the one part that needs neither Electron nor an upstream, `--only cpu,bodies` those parts alone.
const quick = process.argv.includes('--quick');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const rows: Row[] = [];
if (wanted('choose')) {
  say('choosing an account...');
  chooseRows();
}
if (process.argv.includes('--choose')) {
  say(`\n${table(rows)}`);
  process.exit(0);
}

const electron = process.env.CCFLARE_ELECTRON;
if (!electron) throw new Error('Run this through `npm run bench`, which finds Electron first.');

const upstream = await startUpstream();
const passThrough = await startPassthrough(electron, upstream.url);
const launches: number[] = [];
if (wanted('launch')) await probeLaunches(electron, quick ? 1 : 4);
const ours = await startOurs(electron, upstream.url);
launches.push(ours.launchMs);
const targets: Target[] = [direct(upstream.url), passThrough.target, ours.target];
await pause(1500);

const parts: Record<string, () => unknown> = {
  latency: latencyRows,
  cpu: throughputRows,
  streams: streamsRows,
  bodies: bodiesRows,
  aborts: abortRows,
  launch: launchRow,
};
for (const [part, measure] of Object.entries(parts)) {
  if (!wanted(part)) continue;
  say(`${part}...`);
  await measure();
}

say(`\n${table(rows)}`);
await ours.stop();
await passThrough.stop();
upstream.close();

function wanted(part: string): boolean {
  const at = process.argv.indexOf('--only');
  return at === -1 || (process.argv[at + 1] ?? '').split(',').includes(part);
}

async function probeLaunches(electron: string, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const probe = await startOurs(electron, upstream.url);
    launches.push(probe.launchMs);
    await probe.stop();
  }
}

function launchRow(): void {
  rows.push({
    what: 'launch until listening',
    direct: '',
    passThrough: '',
    ours: `${median(launches).toFixed(0)} ms`,
    figure: `${median(launches).toFixed(0)} ms`,
    goal: '<= 1500 ms',
    met: median(launches) <= 1500,
  });
}

async function streamsRows(): Promise<void> {
  for (const streams of [64, 256]) await streamRows(streams);
}

async function bodiesRows(): Promise<void> {
  for (const megabytes of [5, 25]) await bodyRows(megabytes);
}

function chooseRows(): void {
  const { bound, placed, changing } = choosing(quick ? 10 : 100);
  const row = (whose: string, us: number): Row => ({
    what: `choosing for ${whose}, 50 accounts, 10,000 bound sessions`,
    direct: '',
    passThrough: '',
    ours: `${us.toFixed(1)} us`,
    figure: `${us.toFixed(1)} us`,
    goal: '<= 20 us',
    met: us <= 20,
  });
  rows.push(
    row('a bound session', bound),
    row('a new session', placed),
    row('a new session while limits change', changing),
  );
}

async function latencyRows(): Promise<void> {
  const result = await sequentialLatency(targets, quick ? 4 : 40, 50);
  const row = (what: string, of: 'p50' | 'p99', goal: number): Row => {
    const ratio = addedRatio(result.direct[of], result['pass-through'][of], result.ours[of]);
    return {
      what,
      direct: ms(result.direct[of]),
      passThrough: ms(result['pass-through'][of]),
      ours: ms(result.ours[of]),
      figure: times(ratio),
      goal: `<= ${times(goal)} added`,
      met: ratio <= goal,
    };
  };
  rows.push(row('small request, p50', 'p50', 1.5), row('small request, p99', 'p99', 2));
}

async function throughputRows(): Promise<void> {
  const options = { connections: 64, requests: quick ? 500 : 4000, turns: quick ? 1 : 5 };
  const result = await throughput(targets.slice(1), options);
  const ratio = (result.ours?.cpuUs ?? 0) / (result['pass-through']?.cpuUs ?? 1);
  rows.push({
    what: 'CPU per small request, 64 connections',
    direct: '',
    passThrough: `${result['pass-through']?.cpuUs.toFixed(0)} us`,
    ours: `${result.ours?.cpuUs.toFixed(0)} us`,
    figure: times(ratio),
    goal: `<= ${times(2)}`,
    met: ratio <= 2,
  });
}

async function streamRows(streams: number): Promise<void> {
  const options = { streams, events: quick ? 50 : 250, intervalMs: 40 };
  const seen: Record<string, StreamResult[]> = { direct: [], 'pass-through': [], ours: [] };
  const rssBefore = residentMb(ours.target.pid);
  for (let turn = 0; turn < (quick ? 1 : 3); turn += 1) {
    for (const target of targets) seen[target.name]?.push(await pacedStreams(target, options));
  }
  await pause(5000);
  const left = residentMb(ours.target.pid) - rssBefore;
  const of = (name: string, key: keyof StreamResult): number =>
    median((seen[name] ?? []).map((one) => one[key]));
  const delay = addedRatio(of('direct', 'p99'), of('pass-through', 'p99'), of('ours', 'p99'));
  const cpu = of('ours', 'cpuUs') / of('pass-through', 'cpuUs');
  const growth = Math.max(...(seen.ours ?? []).map((one) => one.rssPeakGrowthMb));
  rows.push(
    {
      what: `chunk delay p99, ${streams} streams`,
      direct: ms(of('direct', 'p99')),
      passThrough: ms(of('pass-through', 'p99')),
      ours: ms(of('ours', 'p99')),
      figure: times(delay),
      goal: '<= 2.00x added',
      met: delay <= 2,
    },
    {
      what: `CPU per stream event, ${streams} streams`,
      direct: '',
      passThrough: `${of('pass-through', 'cpuUs').toFixed(1)} us`,
      ours: `${of('ours', 'cpuUs').toFixed(1)} us`,
      figure: times(cpu),
      goal: '<= 1.70x',
      met: cpu <= 1.7,
    },
    {
      what: `memory growth, ${streams} streams (peak; 5 s after)`,
      direct: '',
      passThrough: '',
      ours: `${growth.toFixed(0)} MB; ${left.toFixed(0)} MB`,
      figure: `${growth.toFixed(0)} MB; ${left.toFixed(0)} MB`,
      goal: '<= 80 MB; <= 30 MB',
      met: growth <= 80 && left <= 30,
    },
  );
}

async function bodyRows(megabytes: number): Promise<void> {
  const result = await largeBodies(targets, megabytes, quick ? 2 : 9);
  const of = (name: string, key: 'uploadMs' | 'downloadMs'): number => result[name]?.[key] ?? Number.NaN;
  const total = (name: string): number => of(name, 'uploadMs') + of(name, 'downloadMs');
  const ratio = addedRatio(total('direct'), total('pass-through'), total('ours'));
  const identical = targets.every((target) => result[target.name]?.identical === true);
  rows.push({
    what: `${megabytes} MB there and back, bytes ${identical ? 'identical' : 'DIFFERENT'}`,
    direct: ms(total('direct')),
    passThrough: ms(total('pass-through')),
    ours: ms(total('ours')),
    figure: times(ratio),
    goal: `<= ${times(1.5)} added`,
    met: ratio <= 1.5 && identical,
  });
}

async function abortRows(): Promise<void> {
  const [base, mine] = [
    await aborts(passThrough.target, upstream, quick ? 3 : 15),
    await aborts(ours.target, upstream, quick ? 3 : 15),
  ];
  for (const phase of ['before the head', 'mid-stream', 'held plain answer'] as const) {
    rows.push({
      what: `abort reaches the upstream, ${phase} (worst)`,
      direct: '',
      passThrough: ms(base[phase].max),
      ours: ms(mine[phase].max),
      figure: ms(mine[phase].max),
      goal: '<= 10 ms',
      met: mine[phase].max <= 10,
    });
  }
}
