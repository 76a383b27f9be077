/** The small part of Markdown that pages of scenarios are written in: headings, paragraphs, lists, code, emphasis. */
import type { ReactNode } from 'react';
import { WithFacts } from './links.tsx';

export function Markdown({ text }: { readonly text: string }) {
  return <>{blocksOf(text).map((block, at) => blockOf(block, at))}</>;
}

function blocksOf(text: string): readonly string[] {
  const blocks: string[] = [];
  let fenced: string[] | undefined;
  let lines: string[] = [];
  const end = (): void => {
    if (lines.length > 0) blocks.push(lines.join('\n'));
    lines = [];
  };
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('```')) {
      if (fenced === undefined) {
        end();
        fenced = [];
      } else {
        blocks.push(`\`\`\`${fenced.join('\n')}`);
        fenced = undefined;
      }
    } else if (fenced !== undefined) fenced.push(line);
    else if (line.trim() === '') end();
    else lines.push(line);
  }
  end();
  return blocks;
}

function blockOf(block: string, at: number): ReactNode {
  if (block.startsWith('```')) {
    return (
      <pre key={at} className="evidence" tabIndex={0} aria-label="Figure">
        {block.slice(3)}
      </pre>
    );
  }
  const heading = /^(#+) (.+)$/.exec(block);
  if (heading !== null) return <h3 key={at}>{heading[2]}</h3>;
  if (/^[-*] /.test(block)) {
    const items = block.split(/\n(?=[-*] )/).map((item) => item.replace(/^[-*] /, '').replaceAll(/\n\s*/g, ' '));
    return (
      <ul key={at}>
        {items.map((item) => (
          <li key={item}>{spans(item)}</li>
        ))}
      </ul>
    );
  }
  return <p key={at}>{spans(block.replaceAll('\n', ' '))}</p>;
}

function spans(text: string): ReactNode {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)/).map((part, at) => {
    // Parts of one text never change their order.
    if (part.startsWith('`')) {
      return <code key={at}>{part.slice(1, -1)}</code>;
    }
    if (part.startsWith('**')) return <strong key={at}>{part.slice(2, -2)}</strong>;
    if (part.startsWith('*') && part.length > 2) return <em key={at}>{part.slice(1, -1)}</em>;
    return <WithFacts key={at} text={part} />;
  });
}
