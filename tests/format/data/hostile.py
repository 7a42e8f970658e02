# SPDX-License-Identifier: GPL-3.0-or-later
#
# Workbooks as offices make them, and as nobody should: `python3 hostile.py FOLDER`. Written part by
# part, because a spreadsheet program writes none of these by itself. All values are invented.
import os
import struct
import sys
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def text(reference, value):
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def number(reference, value, style=0):
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def rows(*row):
    return "".join(f'<row r="{n}"{more}>{cells}</row>' for n, more, cells in row)


FORMATS = ["dd/mm/yyyy", "0.0%", '#,##0.00\\ "DH"', "[h]:mm", "yyyy\\-mm\\-dd\\ hh:mm", '0 "dossiers d\'asile"',
           "[$-40C]mmmm\\ yyyy", "[$-2010401]dd/mm/yyyy", "[Red]0.00;[Blue]-0.00", "@", "00000"]
STYLES = (f'{HEAD}<styleSheet {MAIN}><numFmts count="{len(FORMATS)}">'
          + "".join(f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(f)}/>' for i, f in enumerate(FORMATS))
          + '</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/>'
          '</borders><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
          f'<cellXfs count="{len(FORMATS) + 2}"><xf numFmtId="0"/>'
          + "".join(f'<xf numFmtId="{164 + i}" applyNumberFormat="1"/>' for i in range(len(FORMATS)))
          + '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')
DAY, SHARE, DH, HOURS, MOMENT, FILES, MONTH, ARAB, RED, TEXT, CODE, BUILT = range(1, 13)


def book(path, sheets, strings="", date1904=False, extra=""):
    """sheets: (name, state, sheetData, what follows it)"""
    listed = "".join(f'<sheet name={quoteattr(n)} sheetId="{i + 1}"{s} r:id="rId{i + 1}"/>'
                     for i, (n, s, _, _) in enumerate(sheets))
    parts = {
        "[Content_Types].xml": HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/sheet{i + 1}.xml" ContentType="application/vnd.'
                  'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' for i in range(len(sheets)))
        + "</Types>",
        "_rels/.rels": HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{TYPE}officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": HEAD + f'<workbook {MAIN} {REL}><workbookPr{" date1904=" + chr(34) + "1" + chr(34) if date1904 else ""}/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": HEAD
        + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(f'<Relationship Id="rId{i + 1}" Type="{TYPE}worksheet" Target="worksheets/sheet{i + 1}.xml"/>'
                  for i in range(len(sheets)))
        + f'<Relationship Id="rS" Type="{TYPE}styles" Target="styles.xml"/>'
        f'<Relationship Id="rT" Type="{TYPE}sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": HEAD + extra + f"<sst {MAIN}>{strings}</sst>",
    }
    for i, (_, _, data, more) in enumerate(sheets):
        parts[f"xl/worksheets/sheet{i + 1}.xml"] = (
            HEAD + f"<worksheet {MAIN}><sheetData>{data}</sheetData>{more}</worksheet>")
    pack(path, parts)


STRINGS = ("<si><t>province</t></si>"
           "<si><r><t>dossiers</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> (total)</t></r></si>"
           "<si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"0\"/></si>"
           "<si><t>deux\nlignes, \"et\" une_x005F_x000D_</t></si>"
           "<si><t/></si>")

ERRORS = rows(
    (1, "", text("A1", "Titre sur\ndeux lignes") + '<c r="B1" t="e"><v>#REF!</v></c>'),
    (3, "", text("A3", "province\n(nom)") + text("B3", "dossiers") + text("C3", "part")),
    (4, "", text("A4", "Rabat") + number("B4", 12) + number("C4", 0.5)),
    (5, "", text("A5", "ligne\nbrisée, \"citée\"") + '<c r="B5" t="e"><v>#N/A</v></c>' + number("C5", 1)),
    (6, "", text("A6", "#N/A") + number("B6", 3) + number("C6", 0.25)),
    (7, "", text("A7", "Fès") + "<c r=\"B7\"><f>1/0</f></c>" + '<c r="C7" t="e"><v>#DIV/0!</v></c>'),
    (9, "", '<c r="A9" t="e"><v>#REF!</v></c>' + number("B9", 4) + number("C9", 1)),
    (10, "", text("A10", "Oujda") + number("B10", 5) + '<c r="C10" t="str"><f>""</f><v></v></c>'),
)


def shared(reference, n):
    return f'<c r="{reference}" t="s"><v>{n}</v></c>'


CELLS = rows(
    (1, "", text("A1", "Titre fusionné au-dessus")),
    (2, "", text("A2", "(en nombre)")),
    (4, "", shared("A4", 0) + shared("B4", 1) + text("C4", "jour") + text("D4", "part") + text("E4", "code")
     + text("F4", "montant") + text("G4", "oui") + text("H4", "duree") + text("I4", "formule")),
    (5, "", text("A5", "Rabat") + number("B5", 6600) + number("C5", 43365, DAY) + number("D5", 0.8353, SHARE)
     + text("E5", "007") + number("F5", "1234.5", DH) + '<c r="G5" t="b"><v>1</v></c>' + number("H5", 1.5, HOURS)
     + "<c r=\"I5\"><f>B5*2</f><v>13200</v></c>"),
    # a missing cell, hidden, a number as text, a day as text, a large number, a string by formula
    (7, ' hidden="1"', shared("A7", 2) + text("B7", "6600") + text("C7", "22/09/2018") + number("E7", "123456789012345678")
     + '<c r="G7" t="b"><v>0</v></c>' + '<c r="I7" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>'),
    (8, "", shared("A8", 3) + number("B8", "1E3", FILES) + number("C8", "43365.520833333336", MOMENT)
     + number("D8", "-0.5", RED) + number("E8", 7, CODE) + number("F8", "0.1") + number("H8", 0.25, HOURS)),
    (9, "", shared("A9", 4) + number("B9", 0) + number("C9", 43344, MONTH) + number("D9", "1.0000000000000002")
     + number("E9", "1234567890123456") + number("F9", "9.9999999999999995E-8") + number("I9", 43365, ARAB)),
    (10, "", text("A10", " espaces ") + number("C10", 1, BUILT) + number("D10", "0.30000000000000004")
     + number("E10", "12345678901234567890")),
    (11, "", "".join(f'<c r="{c}11" s="1"/>' for c in "ABCDEFGHIJKL")),
)

BARE = ('<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><r><t>b</t></r><r><t>c</t></r></is></c></row>'
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        '<row r="5"><c r="B5"><v>3</v></c></row>')


def write(folder):
    def at(name):
        return os.path.join(folder, name)

    book(at("rejects.xlsx"), [("Feuille", "", ERRORS, '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>')])
    book(at("cells.xlsx"), [
        ("Provinces", "", CELLS, '<mergeCells count="1"><mergeCell ref="A1:I1"/></mergeCells>'),
        ('L\'été "2018" & Cie', "", BARE, ""),
        ("جنسيات", ' state="hidden"', rows((1, "", text("A1", "x")), (2, "", number("A2", 7))), ""),
        ("2", ' state="veryHidden"', rows((1, "", text("A1", "y")), (2, "", number("A2", 8))), ""),
    ], STRINGS)
    book(at("cells-1904.xlsx"), [("Jours", "", rows(
        (1, "", text("A1", "jour") + text("B1", "duree")), (2, "", number("A2", 0, DAY) + number("B2", 0.5, HOURS)),
        (3, "", number("A3", 41903, DAY) + number("B3", "1.0", HOURS)), (4, "", number("A4", 59, DAY))), "")],
        date1904=True)
    odd = rows(
        (1, "", text("A1", "a") + text("B1", "b")),
        (2, "", '<c r="A2" t="b"><v>true</v></c><c r="B2"><v> 6\n</v></c>'),
        (3, "", '<c r="A3" t="d"><v>2018-09-22T00:00:00Z</v></c><c r="B3" t="d"><v>2018-09-22T12:30:00.5</v></c>'),
        (4, "", number("A4", -1, DAY) + number("B4", 1)),
        (5, "", number("A5", 61, DAY) + number("B5", 60, DAY)),
        (6, "", '<c r="A6" t="b"><f>TRUE()</f></c>' + number("B6", 2)),
    )
    book(at("odd.xlsx"), [("S", "", odd, "")])
    book(at("hexadecimal.xlsx"), [("S", "", rows((1, "", text("A1", "a")), (2, "", number("A2", "0x10"))), "")])
    book(at("row-of-another.xlsx"), [("S", "", rows((1, "", text("A1", "a")), (2, "", number("A3", 1))), "")])
    bomb(at("entities.xlsx"))
    pack(at("odd.ods"), {"content.xml": ODD})
    pack(at("locked.ods"), {"content.xml": "x" * 100, "META-INF/manifest.xml": MANIFEST})
    compound(at("locked.xlsx"), "EncryptedPackage", bytes(5000))


ODD = (HEAD + '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
       'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
       'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
       '<table:table table:name="\'file:///autre.ods\'#$Feuille1"><table:table-source/><table:table-row>'
       '<table:table-cell office:value-type="float" office:value="99"/></table:table-row></table:table>'
       '<table:table table:name="Feuille"><table:table-header-rows><table:table-row>'
       '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
       '<text:p>a</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>b</text:p>'
       '</table:table-cell></table:table-row></table:table-header-rows>'
       '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="date" '
       'office:date-value="2018-09-22T00:00:00"/><table:table-cell office:value-type="date" '
       'office:date-value="2018-09-22T12:30:00.500000000"/></table:table-row><table:table-row-group><table:table-row>'
       '<table:table-cell table:number-columns-spanned="2" office:value-type="boolean" office:boolean-value="true"/>'
       '<table:covered-table-cell office:value-type="percentage" office:value="0.125"/></table:table-row>'
       '</table:table-row-group></table:table></office:spreadsheet></office:body></office:document-content>')
MANIFEST = (HEAD + '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
            '<manifest:encryption-data/></manifest:file-entry></manifest:manifest>')


def pack(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, content)


def compound(path, name, content):
    """A compound file with one stream ([MS-CFB]): a table of sectors, a directory, the stream."""
    sectors = -(-len(content) // 512)
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    chain = [0xFFFFFFFD, end] + [i + 3 for i in range(sectors - 1)] + [end]
    table = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))

    def entry(text, kind, child, start, size):
        wide = (text + "\0").encode("utf-16-le")
        return (wide.ljust(64, b"\0") + struct.pack("<HBB3I", len(wide), kind, 1, free, free, child) + b"\0" * 36
                + struct.pack("<IQ", start, size))

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(content)) + b"\0" * 256
    head = (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
            + struct.pack("<HHHHH6x7I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0)
            + struct.pack("<II", end, 0) + struct.pack("<109I", 0, *[free] * 108))
    with open(path, "wb") as out:
        out.write(head + table + directory + content.ljust(512 * sectors, b"\0"))


def bomb(path):
    entities = '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]>"
    book(path, [("S", "", rows((1, "", text("A1", "a"))), "")], "<si><t>&j;</t></si>", extra=entities)


if __name__ == "__main__":
    write(sys.argv[1])
