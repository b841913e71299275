import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { QuickSyncProvider } from '../context/QuickSyncContext.tsx';
import { FakeServer, STATUS } from '../testing/fakeServer.ts';
import QuickSyncSettings from './QuickSyncSettings.tsx';

let server: FakeServer;
beforeEach(() => void (server = new FakeServer()));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function panel() {
  const { container } = render(
    <QuickSyncProvider>
      <QuickSyncSettings />
    </QuickSyncProvider>,
  );
  await screen.findByText('3.5 Mbps');
  return container;
}

const radio = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });
const toggle = (name: string) => screen.getByRole<HTMLInputElement>('switch', { name });

describe('QuickSyncSettings', () => {
  it('shows network, system, quality and buffer, each status in words as well', async () => {
    await panel();
    const network = within(screen.getByRole('region', { name: 'Network' }));
    expect(network.getByText('Good').dataset['tone']).toBe('good');
    expect(network.getByText('measured while playing')).toBeTruthy();
    const system = within(screen.getByRole('region', { name: 'System' }));
    expect(system.getByText('CPU 25 %')).toBeTruthy();
    expect(system.getByText('Low load')).toBeTruthy();
    expect(screen.getByText('Starting at high: 3.5 Mbps expected')).toBeTruthy();
    const buffer = within(screen.getByRole('region', { name: 'Buffer' }));
    expect(buffer.getByText('15 s')).toBeTruthy();
    expect(buffer.getByText('4.5 s')).toBeTruthy();
  });

  it('speaks German', async () => {
    render(
      <QuickSyncProvider>
        <QuickSyncSettings language="de" />
      </QuickSyncProvider>,
    );
    await screen.findByText('3,5 Mbit/s');
    expect(screen.getByRole('region', { name: 'Netz' })).toBeTruthy();
    expect(toggle('Qualität bevorzugen').checked).toBe(true);
    expect(radio('Hoch')).toBeTruthy();
  });

  it('gives a poor network and a busy system their own tone', async () => {
    server.status = {
      ...STATUS,
      network: { speed_mbps: 3.5, status: 'poor' },
      system: { ...STATUS.system, status: 'moderate_load' },
    };
    await panel();
    expect(screen.getByText('Poor').dataset['tone']).toBe('poor');
    expect(screen.getByText('Moderate load').dataset['tone']).toBe('fair');
  });

  it('offers the five modes and sends the one chosen', async () => {
    await panel();
    const modes = screen.getAllByRole<HTMLInputElement>('radio').map(({ value }) => value);
    expect(modes).toEqual(['auto', 'ultra', 'high', 'medium', 'low']);
    expect(radio('Auto').checked).toBe(true);
    fireEvent.click(radio('Medium'));
    expect(radio('Medium').checked).toBe(true);
    await waitFor(() => expect(server.preferences.mode).toBe('medium'));
  });

  it('turns each of the three preferences', async () => {
    await panel();
    for (const [name, field, after] of [
      ['Prefer quality', 'prefer_quality', false],
      ['Adapt to system', 'adapt_to_system', false],
      ['Apply to downloads', 'auto_download_quality', true],
    ] as const) {
      fireEvent.click(toggle(name));
      await waitFor(() => expect(server.preferences[field], name).toBe(after));
      expect(server.asked.at(-1)?.body).toEqual({ [field]: after });
    }
  });

  it('puts a refused change back and says why', async () => {
    await panel();
    server.refusals.push({ status: 500, detail: 'The disk is full.' });
    fireEvent.click(radio('Ultra'));
    expect((await screen.findByRole('alert')).textContent).toBe('The disk is full.');
    expect(radio('Auto').checked).toBe(true);
  });

  it('runs a speed test when asked, and only one at a time', async () => {
    await panel();
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Run speed test' });
    fireEvent.click(button);
    expect(button.disabled).toBe(true);
    expect(await screen.findByText('4.2 Mbps: high recommended.')).toBeTruthy();
    expect(server.paths().filter((path) => path === 'POST test')).toHaveLength(1);
  });

  it('leaves no style behind and styles nothing but itself', async () => {
    const before = document.adoptedStyleSheets.length;
    const container = await panel();
    expect(document.adoptedStyleSheets).toHaveLength(before + 1);
    const classes = [...container.querySelectorAll('[class]')].map((one) => one.className);
    expect(classes.filter((name) => !name.startsWith('qss-'))).toEqual([]);
    // A rule for some width holds others.
    const inside = (rule: CSSRule) => {
      const held = [...((rule as CSSGroupingRule).cssRules ?? [])];
      return held.length > 0 ? held : [rule];
    };
    const all = [...document.adoptedStyleSheets.at(-1)!.cssRules].flatMap(inside);
    const rules = all.map((rule) => rule.cssText);
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((rule) => !rule.startsWith('.qss-'))).toEqual([]);
    cleanup();
    expect(document.adoptedStyleSheets).toHaveLength(before);
  });
});
