// Fill a PDF form with MuPDF's own JavaScript (no Node.js).
//
//     mutool run fill_mutool.js IN.pdf OUT.pdf VALUES.json [SAVE-OPTIONS]
//
// VALUES.json: {"fully.qualified.name": true | false | "text"}. An unknown name is an error.
var values = JSON.parse(read(scriptArgs[2]))
var pdf = new PDFDocument(scriptArgs[0])

function nameOf(field) {
	var parts = []
	for (; field && field.isDictionary(); field = field.get("Parent"))
		if (field.get("T"))
			parts.unshift(field.get("T").asString())
	return parts.join(".")
}

for (var number = 0; number < pdf.countPages(); ++number) {
	// Widgets of Debian's version don't tell their names, but they come in the order of the page's annotations.
	var names = []
	var annotations = pdf.findPage(number).get("Annots")
	for (var place = 0; place < annotations.length; ++place)
		if (annotations.get(place).get("Subtype").asName() === "Widget")
			names.push(nameOf(annotations.get(place)))
	pdf.loadPage(number).getWidgets().forEach(function (widget, index) {
		var name = names[index]
		if (!(name in values))
			return
		var value = values[name]
		delete values[name]
		if (typeof value === "string")
			widget.setTextValue(value)
		else if ((widget.getValue() !== "Off") !== value)
			widget.toggle()
		widget.update()
	})
}
if (Object.keys(values).length)
	throw new Error("no field is named " + Object.keys(values).join(", "))
pdf.save(scriptArgs[1], scriptArgs[3] || "")
