' Fills a Word form in LibreOffice: boxes are ticked, fields are typed into, and the copy is saved as .docx.
' Values come as a file in UTF-8: one line of 0 and 1 for the boxes, then one line for each field, both in reading order;
' without those lines the fields stay as they are.
' What went wrong, or "ok", is written beside the target: Basic in a headless program has nobody to tell.
Private values As Object
Private boxes As String
Private position As Integer

Sub Fill(source As String, target As String, filter As String, wanted As String)
  On Error GoTo Failed
  Dim files As Object, hidden(0) As New com.sun.star.beans.PropertyValue, doc As Object
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  values = createUnoService("com.sun.star.io.TextInputStream")
  values.setInputStream(files.openFileRead(ConvertToURL(wanted)))
  values.setEncoding("UTF-8")
  boxes = values.readLine()
  position = 0
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  Walk(doc.Text)
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = filter
  doc.storeToURL(ConvertToURL(target), how())
  doc.close(True)
  Tell(target, "ok")
  Exit Sub
Failed:
  Tell(target, Error$ & " in line " & Erl)
  StarDesktop.terminate()
End Sub

Sub Tell(target As String, message As String)
  Dim number As Integer
  number = FreeFile
  Open target & ".log" For Output As #number
  Print #number, message
  Close #number
End Sub

Sub Walk(container As Object)
  Dim blocks As Object, block As Object, portions As Object, portion As Object, cell As String
  blocks = container.createEnumeration()
  Do While blocks.hasMoreElements()
    block = blocks.nextElement()
    If block.supportsService("com.sun.star.text.TextTable") Then
      For Each cell In block.getCellNames()
        Walk(block.getCellByName(cell))
      Next
    Else
      portions = block.createEnumeration()
      Do While portions.hasMoreElements()
        portion = portions.nextElement()
        If portion.TextPortionType = "ContentControl" Then Enter(portion.ContentControl)
        If portion.TextPortionType = "TextField" Then
          ' LibreOffice 7.4 makes a field of a group's first paragraph, too; a field of the form is never a mere line end.
          If Asc(portion.TextField.Content) >= 32 And Not values.isEOF() Then portion.TextField.Content = values.readLine()
        End If
      Loop
    End If
  Loop
End Sub

Sub Enter(control As Object)
  If control.Checkbox Then
    position = position + 1
    If Mid(boxes, position, 1) = "1" Then
      ' 7.4 puts the new sign before the old one; a click would replace it.
      control.setString(control.CheckedState)
      control.Checked = True
    End If
  ElseIf Not values.isEOF() Then
    control.setString(values.readLine())
    control.ShowingPlaceHolder = False
  End If
End Sub
