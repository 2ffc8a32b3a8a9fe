import {h, facts, name, section, table} from '../dom.js';
import {chart, heatmap, matrix} from '../charts.js';
import {get} from '../net.js';
import {certificateBadge, interval, kind, link, micros, number, percent, title} from '../words.js';
import {manifest} from './layer.js';

const LISTED = 20;

function structure(found) {
  const supports = found.supports.map(each => new Set(each));
  const open = found.unresolvedColumns.map(each => new Set(each));
  const changed = new Set(found.changes.filter(each => each.column >= 0).map(each => each.group + ' ' + each.column));
  const cell = (group, column) => {
    if (changed.has(group + ' ' + column)) {
      return '--alert';
    }
    if (open[group] && open[group].has(column)) {
      return '--attention';
    }
    return supports[group] && supports[group].has(column) ? '--accent' : null;
  };
  const active = supports.reduce((sum, each) => sum + each.size, 0);
  return matrix(
    'Alignment matrix: ' + found.groups + ' groups by ' + found.columns + ' columns, ' + active + ' active, ' +
      found.changed + ' proven changed', found.groups, found.columns, cell,
    [['--accent', 'active'], ['--attention', 'open: the error reaches its margin'], ['--alert', 'proven changed'], ['--panel', 'not active']]);
}

function supports(found) {
  return table('Supports', ['Group', 'Active columns', 'Component', 'Open columns'],
    found.supports.map((each, group) => ['group ' + group, shortened(each), 'of group ' + found.components[group],
      shortened(found.unresolvedColumns[group] || [])]));
}

function shortened(columns) {
  return columns.length === 0 ? '–'
    : columns.slice(0, LISTED).join(', ') + (columns.length > LISTED ? ' and ' + (columns.length - LISTED) + ' more' : '');
}

function changes(found) {
  return table('Proven changed', ['Element', 'Now', 'Margin'], found.changes.slice(0, LISTED).map(each => [
    each.column < 0 ? 'edge of groups ' + each.group + ' and ' + each.other : 'column ' + each.column + ' for group ' + each.group,
    each.present ? 'present' : 'absent', number(each.margin)]), 'Nothing is proven to have changed in these rows.');
}

function budget(found) {
  const terms = [['sketch', found.epsilon.sketch], ['truncation', found.epsilon.truncation],
    ['rounding', found.epsilon.roundoff], ['sampling', found.epsilon.sampling]];
  return table('Error budget', ['Term', 'In column norm', 'Of the radius'], terms.map(([term, value]) =>
    [term, number(value), found.radius ? percent(value / found.radius) : '–']).concat([
    ['together', number(found.epsilon.total), found.radius ? percent(found.epsilon.total / found.radius) : '–'],
    ['radius', number(found.radius), '100 %']]));
}

function movement(found) {
  const parts = ['transport', 'map', 'input', 'output'];
  return table('Movement', ['What', 'Moved', 'Largest of the held-back panes'],
    parts.map(each => [each, number(found.movement[each]), number(found.movementLevels[each])]));
}

function energies(found) {
  return table('Norms', ['Part', 'Frobenius norm'], [
    ['of columns active for their group alone', interval(found.core)],
    ['of columns active for several groups', interval(found.overlap)],
    ['of columns not active for their group', interval(found.noise)]]);
}

/** What blocks of the matrix weigh: now, in the reference, and how far that is apart. */
export function blocks(found) {
  const {blocks: grid} = found;
  const range = (what, firsts, all, i) => {
    const last = (i + 1 < firsts.length ? firsts[i + 1] : all) - 1;
    return firsts[i] === last ? what + ' ' + last : what + 's ' + firsts[i] + ' to ' + last;
  };
  const options = {
    rows: grid.firstGroups.map((_, i) => range('group', grid.firstGroups, found.groups, i)),
    columns: grid.firstColumns.map((_, i) => range('column', grid.firstColumns, found.columns, i)),
    rowMarks: grid.firstGroups, columnMarks: grid.firstColumns, rowLabel: 'Groups',
    axes: 'Down: row groups, by the first of each block. Across: ' +
      (found.mode === 'PHYSICAL' ? 'input channels' : 'directions of the first layer') + ', likewise.',
  };
  const now = found.epsilon.total;
  const then = found.referenceEpsilon.total;
  return h('div', {class: 'pair grids'},
    heatmap('Energy of each block now', {...options, cells: grid.energies, error: now}),
    heatmap('In the reference', {...options, cells: grid.referenceEnergies, error: then}),
    heatmap('Moved since the reference', {...options,
      cells: grid.energies.map((each, i) => each - grid.referenceEnergies[i]), error: now + then}));
}

function evidence(found) {
  const past = found.history;
  const test = (title, values, threshold) => chart(title, {
    x: past.time, xLabel: 'end of the pool (UTC)', yLabel: 'log evidence', time: true, series: [
      {label: 'log evidence', values, stroke: '--accent'},
      {label: 'where it alarms', values: threshold, stroke: '--alert', dash: true}],
  });
  return h('div', {class: 'pair'},
    test('Evidence that margins are consumed', past.drift, past.drift_threshold),
    test('Evidence that the spectrum moved', past.spectrum, past.spectrum_threshold),
    chart('Radius and error', {x: past.time, xLabel: 'end of the pool (UTC)', yLabel: 'column norm', time: true, series: [
      {label: 'radius', values: past.radius, stroke: '--accent'},
      {label: 'error', values: past.error, stroke: '--alert', dash: true}]}),
    chart('Share of the baseline\'s radius consumed', {x: past.time, xLabel: 'end of the pool (UTC)', yLabel: 'share', time: true,
      series: [
        {label: 'between sure and possible', name: 'sure', values: past.utilisation, stroke: '--accent'},
        {label: 'at most', values: past.utilisation_upper, stroke: '--accent', dash: true, bandTo: 0}]}));
}

function tests(newest) {
  return table('Tests', ['Test', 'Log evidence', 'Alarms at', 'Tolerated mean', 'Epoch', 'Scores', 'State'],
    newest.evidence.map(each => [each.test, number(each.logEvidence), number(each.logThreshold), number(each.tolerance),
      number(each.epoch), number(each.steps), each.refusal || (each.alarmed ? 'has alarmed' : 'quiet')]),
    'No test runs without a baseline.');
}

export async function interfacePage([model, version, segment, own]) {
  const found = await get('interface', {model, version, segment, interface: own});
  const {newest} = found;
  const findings = newest.findings || (found.found && found.found.findings);
  return {
    title: newest.interfaceName,
    body: [
      h('p', null, 'An interface of ', h('a', {href: link('model', found)}, name(title(found))), ', from layer ',
        h('a', {href: link('layer', found, newest.layerX)}, name(newest.layerX)), ' to ',
        h('a', {href: link('layer', found, newest.layerY)}, name(newest.layerY)), '.'),
      facts([
        ['Certificate', [certificateBadge(newest.status), newest.reason ? ': ' + newest.reason : '']],
        ['Pool', [micros(newest.paneStart), ' to ', micros(newest.paneEnd), ', ' + (newest.panes === 1 ? 'one pane' : newest.panes + ' panes') + ', ' + number(newest.rows) + ' rows']],
        ['Alerts that stand', newest.activeAlerts.map(kind).join(', ') || 'none'],
        ['Proven the same, changed, open', findings ? [findings.same, findings.changed, findings.unresolved].map(number).join(', ') : null],
        ['Radius consumed', findings ? percent(findings.utilisation) + ' for sure, ' + percent(findings.utilisationUpper) + ' at most' : null],
        ['Margins consumed', findings ? percent(findings.marginConsumption.mean) + ' on average, ' + percent(findings.marginConsumption.largest) + ' at most' : null],
        ['What moved', findings ? findings.attribution.toLowerCase().replaceAll('_', ' ') : null],
      ]),
      section('Evidence over time', evidence(found), tests(newest)),
      findings ? [
        newest.findings ? null : h('p', {class: 'problem'}, 'The newest certificate is refused; what follows is of the last one before.'),
        section('Structure', structure(findings), changes(findings), supports(findings)),
        section('Energy of the matrix', energies(findings), findings.blocks ? blocks(findings)
          : h('p', {class: 'empty'}, 'The monitor that wrote this certificate did not record the matrix in blocks yet.')),
        section('What consumed the radius', budget(findings)),
        section('What moved', movement(findings)),
      ] : h('p', {class: 'empty'}, 'Nothing was certified yet.'),
      newest.manifest ? manifest(newest.manifest) : null,
    ],
  };
}
