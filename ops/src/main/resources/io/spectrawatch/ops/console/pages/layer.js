import {h, facts, name, section, table} from '../dom.js';
import {banded, chart} from '../charts.js';
import {get} from '../net.js';
import {interval, link, number, plain, time, title} from '../words.js';

const DRAWN = 6;

/** On a logarithmic scale nothing is 0: a band that goes there ends below all that is seen. */
function floored(spectrum) {
  const least = Math.min(...spectrum.upper.filter(each => each > 0)) / 10;
  const floor = values => values.map(each => Math.max(each, least));
  return {lower: floor(spectrum.lower), estimate: floor(spectrum.estimate), upper: floor(spectrum.upper)};
}

function spectra(found) {
  const values = floored(found.spectrum);
  const ranks = values.estimate.map((each, i) => i + 1);
  return h('div', {class: 'pair'},
    chart('Eigenvalues by rank', {
      x: ranks, xLabel: 'rank', yLabel: 'eigenvalue', log: true, series: banded('of the sketch', values, 'certified band'),
    }),
    chart('The same, both logarithmic', {
      x: ranks, xLabel: 'rank', yLabel: 'eigenvalue', log: true, logX: true, series: banded('of the sketch', values, 'certified band'),
    }));
}

function history(found) {
  return Object.entries(found.history.descriptors).slice(0, DRAWN).map(([each, values]) =>
    chart(plain(each) + ' over time', {
      x: found.history.time, xLabel: 'end of the pane (UTC)', yLabel: plain(each), time: true, series: banded(plain(each), values),
    }));
}

function fits(found) {
  return table('Fits', ['Interface', 'Exponent', 'Ranks fitted', 'Effective rank', 'Distance to the power law'],
    found.charts.map(each => [
      h('a', {href: link('interface', found, each.interface)}, name(each.interface)),
      number(each.exponent.estimate) + ' [' + number(each.exponent.lower) + ', ' + number(each.exponent.upper) + ']',
      number(each.ranks), interval(each.effectiveRank), number(each.kolmogorovSmirnov),
    ]), 'No certificate has a fit of this layer.');
}

export function manifest(own) {
  return h('details', {id: 'manifest'}, h('summary', null, 'What reproduces it'),
    table('Input by shard', ['Shard', 'Offsets', 'Snapshots', 'Rows', 'Hash chain'], own.shards.map(each => [
      number(each.shard), each.firstOffset < 0 ? 'none' : each.firstOffset + ' to ' + each.lastOffset,
      number(each.snapshots), number(each.rows), h('code', null, each.chain)])),
    facts([['Baseline', own.baselineId ? h('code', null, own.baselineId) : 'none'],
      ['Arithmetic', own.numerics.library + ' ' + own.numerics.libraryVersion + ' on ' + own.numerics.device + ' (' + own.numerics.coreName + ')'],
      ['Refused, late meanwhile', own.refusedRecords === null ? null : own.refusedRecords + ', ' + own.lateRecords]]));
}

export async function layerPage([model, version, segment, layer]) {
  const found = await get('layer', {model, version, segment, layer});
  const more = found.spectrum.all - found.spectrum.estimate.length;
  return {
    title: found.name,
    body: [
      h('p', null, 'A layer of ', h('a', {href: link('model', found)}, name(title(found))), '.'),
      facts([
        ['Pane', [time(found.paneStart), ' to ', time(found.paneEnd)]],
        ['Rows', number(found.rows)], ['Columns', number(found.columns)],
        ['Sketch', found.algorithm + ', ' + found.sketchRows + ' rows, centred on the ' + found.centring],
      ]),
      section('Spectrum now',
        h('p', null, 'Every eigenvalue of the rows lies in the band: what the sketch let go and rounding are in it.' +
          (more > 0 ? ' The first ' + found.spectrum.estimate.length + ' of ' + found.spectrum.all + ' are drawn.' : '')),
        spectra(found)),
      section('Descriptors',
        table('Descriptors', ['Descriptor', 'Estimate and certified interval', '95 % over the probes'],
          found.descriptors.map(each => [plain(each.name), interval(each),
            interval(found.descriptors95.find(other => other.name === each.name))]))),
      section('History',
        h('p', null, 'The past grows coarser with its age; a band holds what the panes in it held.'),
        h('div', {class: 'pair'}, history(found))),
      section('Power-law fits', fits(found)),
      section('Ledger', facts([
        ['Most that any direction lost', number(found.ledger.deltaPlus)],
        ['Most that any gained', number(found.ledger.deltaMinus)],
        ['Energy let go', number(found.ledger.shed)], ['Energy', number(found.ledger.energy)],
        ['Rounding', number(found.ledger.roundoff)]]), manifest(found.manifest)),
    ],
  };
}
