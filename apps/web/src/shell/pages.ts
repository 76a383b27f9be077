/** The pages in the order of the navigation. */
import type { ComponentType } from 'react';
import {
  EditorIcon,
  FactsIcon,
  FindingsIcon,
  FlowsIcon,
  GalleryIcon,
  HistoryIcon,
  NetworkIcon,
  PathsIcon,
  ReadinessIcon,
  ReportIcon,
  WhatIfIcon,
} from './icons.ts';

export interface PageName {
  readonly id: string;
  readonly title: string;
  readonly Icon: ComponentType;
  /** A heading above it. */
  readonly section?: string;
}

export const pages: readonly PageName[] = [
  { id: 'network', title: 'Network', Icon: NetworkIcon, section: 'Design' },
  { id: 'editor', title: 'Editor', Icon: EditorIcon },
  { id: 'paths', title: 'Paths', Icon: PathsIcon, section: 'Answers' },
  { id: 'what-if', title: 'What if', Icon: WhatIfIcon },
  { id: 'findings', title: 'Findings', Icon: FindingsIcon },
  { id: 'readiness', title: 'Readiness', Icon: ReadinessIcon },
  { id: 'flows', title: 'Flows', Icon: FlowsIcon },
  { id: 'facts', title: 'Facts', Icon: FactsIcon },
  { id: 'report', title: 'Report', Icon: ReportIcon, section: 'Share' },
  { id: 'gallery', title: 'Gallery', Icon: GalleryIcon, section: 'Learn' },
  { id: 'history', title: 'History', Icon: HistoryIcon },
];
