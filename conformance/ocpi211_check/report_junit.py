"""The report for CI: JUnit XML, a test case a requirement; what was not exercised is skipped there as well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ocpi211_check.verdicts import Verdict

if TYPE_CHECKING:
    from ocpi211_check.report import Report
    from ocpi211_check.verdicts import Finding

__all__ = ["write_junit"]

_not_xml = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report) -> str:
    """The report as JUnit XML."""
    failed = report.counts[Verdict.FAIL]
    skipped = report.counts[Verdict.SKIPPED] + report.counts[Verdict.INCONCLUSIVE]
    totals = {"tests": str(len(report.findings)), "failures": str(failed), "skipped": str(skipped), "errors": "0"}
    root = ET.Element("testsuites", {"name": "ocpi211-check", **totals, "time": str(report.seconds)})
    modules = dict.fromkeys(finding.row.module for finding in report.findings)
    for module in modules:
        found = [finding for finding in report.findings if finding.row.module == module]
        suite = ET.SubElement(root, "testsuite", _attributes(module, found, report))
        for finding in found:
            _case(suite, finding, report)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _attributes(module: str, found: list[Finding], report: Report) -> dict[str, str]:
    verdicts = [finding.verdict for finding in found]
    return {
        "name": f"{report.role}.{module}",
        "timestamp": report.started.removesuffix("Z"),
        "tests": str(len(found)),
        "failures": str(verdicts.count(Verdict.FAIL)),
        "skipped": str(verdicts.count(Verdict.SKIPPED) + verdicts.count(Verdict.INCONCLUSIVE)),
        "errors": "0",
    }


def _case(suite: ET.Element, finding: Finding, report: Report) -> None:
    row = finding.row
    name = f"{row.id} {row.sentence}"
    case = ET.SubElement(suite, "testcase", {"classname": f"{report.role}.{row.module}", "name": _clean(name)})
    text = "\n".join(breach.detail for breach in finding.breaches)
    if finding.verdict is Verdict.FAIL:
        failure = ET.SubElement(case, "failure", {"message": _clean(text.partition("\n")[0]), "type": row.level})
        failure.text = _clean(f"{text}\n{row.link}\n" + _evidence(finding, report))
    elif finding.verdict in {Verdict.SKIPPED, Verdict.INCONCLUSIVE}:
        ET.SubElement(case, "skipped", {"message": _clean(f"{finding.verdict}: {finding.reason}")})
    elif text:
        ET.SubElement(case, "system-out").text = _clean(f"{finding.verdict}: {text}\n{_evidence(finding, report)}")


def _evidence(finding: Finding, report: Report) -> str:
    numbers = [number for breach in finding.breaches for number in breach.exchanges]
    shown = [report.evidence[number] for number in numbers if number in report.evidence]
    return "\n".join(entry.curl or entry.request for entry in shown)


def _clean(text: str) -> str:
    return _not_xml.sub("\ufffd", text)
