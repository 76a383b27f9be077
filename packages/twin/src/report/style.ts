/** The style sheet of the HTML report. Contrast of text is at least 4.5 to 1 in light and in dark (WCAG 2.2, 1.4.3). */
export const reportStyle = `
:root{color-scheme:light dark;--text:#16202a;--quiet:#46525e;--page:#fff;--panel:#f4f7fa;--rule:#c3ccd5;--link:#0b5394;--good:#0d6b2e;--bad:#a4262c;--unsure:#7a4b00;--customer:#e8f1fb;--provider:#f1eefb;--internet:#f3f3f3;--microsoft:#e9f6ec;--way:#1b5e9b;--edge:#4a5a6a}
@media (prefers-color-scheme:dark){:root{--text:#e8edf2;--quiet:#b3bec9;--page:#12181e;--panel:#1b242d;--rule:#3b4855;--link:#8cc0f0;--good:#7fd79a;--bad:#ff9a9f;--unsure:#f0c274;--customer:#1c3148;--provider:#2b2745;--internet:#2b3036;--microsoft:#193524;--way:#8cc0f0;--edge:#93a3b3}}
*{box-sizing:border-box}
html{font:16px/1.5 "Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,sans-serif;color:var(--text);background:var(--page)}
body{max-width:72rem;margin:0 auto;padding:1.5rem}
h1{font-size:2rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.45rem;margin:2.4rem 0 .6rem;padding-bottom:.25rem;border-bottom:2px solid var(--rule);line-height:1.25}
h3{font-size:1.13rem;margin:1.6rem 0 .4rem;line-height:1.3}
h4{font-size:1rem;margin:1.2rem 0 .3rem}
p,ul,ol{margin:.5rem 0;max-width:62rem}
li{margin:.15rem 0}
a{color:var(--link)}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem;outline:2px solid var(--link)}
.subtitle{font-size:1.1rem;color:var(--quiet);margin-top:0}
nav{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:.6rem 1.2rem;margin:1rem 0}
nav h2{font-size:1rem;border:0;margin:.2rem 0;padding:0}
nav ol{columns:2 18rem;margin:.3rem 0}
code{font:.92em/1.4 ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
pre{font:.8rem/1.45 ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace;background:var(--panel);border:1px solid var(--rule);border-radius:4px;padding:.6rem .8rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}.unsure{color:var(--unsure);font-weight:600}.quiet{color:var(--quiet)}
.table{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--quiet);padding:.2rem 0;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--rule);overflow-wrap:break-word}
thead th{background:var(--panel);border-bottom:2px solid var(--rule)}
tbody th{font-weight:500}
section[aria-labelledby=decision] .table:last-of-type tbody tr{height:2.8rem}
figure{margin:1rem 0}
figcaption{color:var(--quiet);font-size:.9rem}
svg.diagram{display:block;max-width:100%;height:auto}
svg.diagram .customer .box{fill:var(--customer)}svg.diagram .provider .box{fill:var(--provider)}svg.diagram .internet .box{fill:var(--internet)}svg.diagram .microsoft .box{fill:var(--microsoft)}
svg.diagram>.box{fill:var(--panel)}svg.diagram .box{stroke:var(--edge)}svg.diagram .line{stroke:var(--edge)}
svg.diagram .name,svg.diagram .lane{fill:var(--text)}svg.diagram .role,svg.diagram .via,svg.diagram .mark{fill:var(--quiet)}
svg.diagram .way,svg.diagram .arrow,svg.diagram .stop{stroke:var(--way)}svg.diagram .there.arrow,svg.diagram .there.stop{fill:var(--way)}svg.diagram .back.arrow,svg.diagram .back.stop{fill:var(--page)}
svg.diagram .cross{stroke:var(--bad)}svg.diagram .mark.drop{fill:var(--bad)}
@page{size:A4;margin:18mm 16mm 20mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt "Segoe UI",Arial,sans-serif;color:#46525e}}
@page wide{size:A4 landscape}
@media print{
:root{color-scheme:light;--text:#16202a;--quiet:#46525e;--page:#fff;--panel:#f4f7fa;--rule:#c3ccd5;--link:#16202a;--good:#0d6b2e;--bad:#a4262c;--unsure:#7a4b00;--customer:#e8f1fb;--provider:#f1eefb;--internet:#f3f3f3;--microsoft:#e9f6ec;--way:#1b5e9b;--edge:#4a5a6a}
html{font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{max-width:none;padding:0}
.skip{display:none}
nav a{text-decoration:none}
h2,h3,h4,caption{break-after:avoid}
h2{margin-top:1.6rem}
figure,tr,li,pre{break-inside:avoid}
thead{display:table-header-group;break-after:avoid}
tbody tr:first-child{break-before:avoid}
.small{break-inside:avoid}
table{font-size:8.6pt}
th,td{padding:.25rem .4rem}
.table{overflow:visible}
section[aria-labelledby=decision]{break-before:page}
section:has(figure){page:wide;break-before:page}
svg.diagram{max-height:150mm;width:auto}
p,li{orphans:3;widows:3}
}
`;
