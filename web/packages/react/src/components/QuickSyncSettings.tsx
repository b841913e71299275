import { useQuickSync } from '../context/QuickSyncContext.tsx';
import type { QuickSyncPreferences } from '../types.ts';
import { BufferInfo } from './BufferInfo.tsx';
import { ModeSelector } from './ModeSelector.tsx';
import { PreferenceToggles } from './PreferenceToggles.tsx';
import { SpeedTest } from './SpeedTest.tsx';
import { StatusCards } from './StatusCards.tsx';
import { usePanelStyles } from './styles.ts';
import { PANEL_WORDS, WordsContext, type PanelLanguage } from './words/words.ts';

export interface QuickSyncSettingsProps {
  /** What it speaks; English unless told. The server's own sentences stay English. */
  readonly language?: PanelLanguage;
}

/** The settings page of Quick Sync: what is measured, what is chosen, and why. */
export function QuickSyncSettings({ language = 'en' }: QuickSyncSettingsProps) {
  usePanelStyles();
  const words = PANEL_WORDS[language];
  const { status, preferences, loading, error, lastTest, updatePreferences, runSpeedTest } =
    useQuickSync();
  // The context takes a refused change back and keeps the reason; there is nothing left to do.
  const change = (prefs: Partial<QuickSyncPreferences>) =>
    void updatePreferences(prefs).catch(() => undefined);
  return (
    <WordsContext.Provider value={words}>
      <div className="qss-panel" aria-busy={loading}>
        {error && (
          <p className="qss-alert" role="alert">
            {error}
          </p>
        )}
        {!status && <p className="qss-quiet">{loading ? words.loading : words.noStatus}</p>}
        {status && <StatusCards status={status} />}
        {preferences && (
          <>
            <ModeSelector mode={preferences.mode} onChange={(mode) => change({ mode })} />
            <PreferenceToggles
              preferences={preferences}
              onChange={(field, on) => change({ [field]: on })}
            />
          </>
        )}
        {status && (
          <>
            <SpeedTest busy={loading} result={lastTest} onRun={() => void runSpeedTest()} />
            <BufferInfo buffer={status.buffer} />
          </>
        )}
      </div>
    </WordsContext.Provider>
  );
}

export default QuickSyncSettings;
