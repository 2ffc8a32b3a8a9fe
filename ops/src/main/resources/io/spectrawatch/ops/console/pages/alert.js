import {h, facts, name, section, table} from '../dom.js';
import {get, say} from '../net.js';
import {alertBadge, kind, link, micros, number} from '../words.js';
import {blocks} from './interface.js';
import {manifest} from './layer.js';
import {speaking, trace} from './samples.js';

function copied(label, command) {
  const answer = h('span', {role: 'status'});
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      answer.textContent = ' copied';
    } catch {
      answer.textContent = ' select and copy it';
    }
  };
  return h('div', {class: 'command'}, h('p', null, label),
    h('pre', {tabindex: '0', role: 'region', 'aria-label': label}, h('code', null, command)),
    h('button', {type: 'button', on: {click: copy}}, 'Copy'), answer);
}

function samples(found, session) {
  const alert = found.alert;
  const rows = alert.examples.length > 0 ? alert.examples.map(example => {
    const own = found.samples.find(each => each.sampleId === example.sampleId && each.offset === example.offset);
    return {...own, ...example};
  }) : found.samples;
  return table('Samples', ['Sample', 'Client', 'Statistic', 'p', 'Loudest score', 'Tokens or rows that spoke', 'Trace'],
    rows.map(each => [name(each.sampleId), each.client ? name(each.client) : '–', number(each.statistic), number(each.p),
      each.loudest ? name(each.loudest) : '–', speaking(each.speaking || []), trace(each.context, session)]),
    'The topics no longer have scores of its samples, or it is not about samples.');
}

/**
 * Markdown of our own runbooks: headings, lists, bold, code, and links where the pages are served
 * somewhere; text throughout.
 */
function rendered(text, base) {
  const blocks = text.split(/\n\s*\n/);
  return blocks.map(block => {
    const lines = block.split('\n');
    if (/^\s*(\d+\.|-) /.test(lines[0])) {
      const items = block.split(/\n(?=\s*(?:\d+\.|-) )/).map(each => each.replace(/^\s*(\d+\.|-) /, ''));
      return h(/^\s*\d/.test(lines[0]) ? 'ol' : 'ul', null, items.map(each => h('li', null, inline(each, base))));
    }
    return h('p', null, inline(block, base));
  });
}

function inline(text, base) {
  return text.replace(/\s+/g, ' ').split(/(\*\*[^*]+\*\*|`[^`]+`|\*[^*]+\*|\[[^\]]+\]\([^)]+\))/).map(part => {
    if (part.startsWith('**')) {
      return h('strong', null, part.slice(2, -2));
    }
    if (part.startsWith('`')) {
      return h('code', null, part.slice(1, -1));
    }
    if (part.startsWith('*')) {
      return h('em', null, part.slice(1, -1));
    }
    if (part.startsWith('[')) {
      const words = part.slice(1, part.indexOf(']'));
      return base ? h('a', {href: page(base, part.slice(part.indexOf('(') + 1, -1))}, words) : words;
    }
    return part;
  });
}

/** Where a page lies that a runbook names. */
function page(base, place) {
  return new URL(place.startsWith('#') ? 'runbooks.md' + place : place, base.replace(/\/*$/, '/')).href;
}

function runbook(found, text, base) {
  if (!text) {
    return h('p', null, 'There is no runbook of this kind.');
  }
  return h('div', {class: 'runbook'}, rendered(text, base),
    base ? h('p', null, h('a', {href: page(base, '#' + found.alert.kind.toLowerCase())}, 'All runbooks')) : null);
}

const KINDS = [['ACKNOWLEDGED', 'I have seen it and take care'], ['TRUE_ALARM', 'It was a true alarm'],
  ['FALSE_ALARM', 'It was a false alarm'], ['MUTED', 'Mute its kind for four hours']];
const MUTE_MINUTES = 240;

function form(found, {session, refresh}) {
  if (!session.writable) {
    return [h('p', null, 'Nobody may write notes here: the exporter\'s --web-config names no responder. In a terminal:'),
      copied('Acknowledge', found.acknowledge)];
  }
  const answer = h('p', {role: 'status', id: 'answer'});
  const send = async event => {
    event.preventDefault();
    const fields = event.target.elements;
    const note = {alert: found.alert.id, kind: fields.kind.value, reason: fields.reason.value, author: fields.author.value};
    if (note.kind === 'MUTED') {
      note.minutes = MUTE_MINUTES;
    }
    try {
      await say(note);
      answer.textContent = 'Written.';
      setTimeout(refresh, 1000);
    } catch (problem) {
      answer.textContent = 'Not written: ' + problem.message;
    }
  };
  return h('form', {class: 'note', on: {submit: send}},
    h('label', {for: 'kind'}, 'What'),
    h('select', {id: 'kind', name: 'kind', 'data-kept': true}, KINDS.map(([value, text]) => h('option', {value}, text))),
    h('label', {for: 'reason'}, 'Why'),
    h('input', {id: 'reason', name: 'reason', maxlength: 2000, 'data-kept': true}),
    h('label', {for: 'author'}, 'Who'),
    h('input', {id: 'author', name: 'author', maxlength: 200, value: session.name || '', 'data-kept': true}),
    h('button', {id: 'write', type: 'submit'}, 'Write'),
    answer);
}

export async function alertPage([id], {session: asked, refresh}) {
  const [found, session] = await Promise.all([get('alert', {id}), asked]);
  const {text} = await get('runbook', {kind: found.alert.kind});
  const alert = found.alert;
  const model = {model: alert.modelId, version: alert.modelVersion, segment: alert.segment};
  const acknowledged = found.notes.filter(each => each.kind === 'ACKNOWLEDGED').pop();
  return {
    title: kind(alert.kind),
    body: [
      h('p', {class: 'lead'}, alert.text),
      facts([
        ['State', alertBadge({state: found.state, acknowledgedBy: acknowledged && acknowledged.author})],
        ['About', [name(found.words.about), ' ', h('a', {href: link('model', model)}, 'model'),
          alert.part ? [' ', h('a', {href: link('interface', model, alert.part)}, 'interface')] : null]],
        ['Panes', [micros(alert.paneStart), ' to ', micros(alert.paneEnd)]],
        ['Ended', found.resolvedAt === null ? null : micros(found.resolvedAt)],
        ['How sure', alert.guarantee],
        ['Compared', found.words.statistic],
        ['Detector', name(alert.detector)],
        ['Id', h('code', null, alert.id)],
      ]),
      section('Say what you know',
        found.words.notes.length > 0 ? h('ul', {class: 'notes'}, found.words.notes.map(each => h('li', null, each))) : h('p', null, 'Nothing was said yet.'),
        form(found, {session, refresh})),
      section('What changed',
        found.words.changes.length > 0 ? h('ul', null, found.words.changes.slice(0, 20).map(each => h('li', null, each))) : null,
        found.words.blocks.length > 0 ? [h('p', null, 'Blocks of the alignment matrix that are proven to have moved:'),
          h('ul', null, found.words.blocks.map(each => h('li', null, each)))] : null,
        found.certificate && found.certificate.findings && found.certificate.findings.blocks
          ? blocks(found.certificate.findings) : null,
        table('Evidence', ['Evidence', 'Value'], found.words.evidence.map(each => [name(each.name), name(each.value)]))),
      section('Samples', samples(found, session)),
      section('What to do', runbook(found, text, session.runbookUrl)),
      section('Prove it',
        copied('Recompute it from the log and compare', found.audit),
        copied('Show it in a terminal', found.show),
        alert.manifest ? manifest(alert.manifest) : h('p', null, 'It has no manifest: no input was read.')),
    ],
  };
}
