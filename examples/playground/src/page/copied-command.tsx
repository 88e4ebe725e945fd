import { useState } from 'preact/hooks';

const SHOWN_MS = 2000;

/** A command, broken between its options alone, with a button that copies it. */
export function CopiedCommand({ command }: { readonly command: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <div class="command scripted">
      <button type="button" data-copy aria-live="polite" onClick={() => void copy()}>
        {copied ? 'Copied' : 'Copy'}
      </button>
      <pre tabIndex={0} role="group" aria-label="Command">
        <code>
          {command.split(/ (?=--)/).map((option, i) => (
            <>
              {i > 0 && ' '}
              <span>{option}</span>
            </>
          ))}
        </code>
      </pre>
    </div>
  );
}
