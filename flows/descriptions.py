"""What each flow does and what to do when it fails, as operators read it in Prefect's pages."""

from __future__ import annotations

from typing import Final

PULL: Final = """\
**รับหนังสือเข้า** จากกล่องจดหมายและโฟลเดอร์ ยังไม่อ่าน ไม่มีหนังสือหาย แม้รอบนี้ล้ม รอบหน้าจะรับต่อ

Takes new mail and dropped files into the ledger. Nothing is read yet.

| it says | do |
|---|---|
| Failed, “no answer from …” | nothing at first: each run tries again. If it lasts, \
`saraban status` names the fault: password, network, or the share is away |
| Cancelled | the run before was still going: nothing |
| Crashed | the process was killed: nothing, the next run goes on |
"""

PROCESS: Final = """\
**อ่าน ลงทะเบียน จำแนก มอบหมาย ร่างบันทึก** หนังสือด่วนที่สุดทำก่อน ฉบับที่อ่านไม่ได้จะรอคน ไม่ทำให้ฉบับอื่นหยุด

Reads, registers, classifies, routes and drafts what waits, the most urgent first. A letter that
fails fails alone.

| it says | do |
|---|---|
| Attention, “… held” | open the holding pen; the run's artifact *letters* has links |
| Attention, “… triage” | choose a category in the triage queue |
| Attention, “… secret” | call the registrar of classified information |
| Attention, “… pending” or “… failed” | nothing: tried again, four times at most |
| Failed | the database or the disk: `saraban doctor` |
| Crashed or Cancelled | nothing: the next run goes on |
"""

REMIND: Final = """\
**แจ้งเตือนและส่งอีเมล** แต่ละเรื่องเตือนครั้งเดียวต่อกำหนด นอกเวลาราชการรอวันทำการ

Puts due reminders into the outbox, once each, and sends what waits there.

| it says | do |
|---|---|
| Failed | the mail server: check `SARABAN_SMTP_URL`; what waits is sent by a later run |
| Attention, “… reach nobody” | enter people with addresses, or the group's mailbox |
"""

REDATE: Final = """\
**คำนวณวันครบกำหนดใหม่** เมื่อปฏิทินวันหยุดเปลี่ยน

Brings due dates up to the calendar in force and asks for the year that nobody has checked.

| it says | do |
|---|---|
| Attention, “year … is not confirmed” | check its holidays, then `saraban calendar confirm` |
| Failed, `calendar_year_missing` | enter the holidays of that year |
"""

SWEEP: Final = """\
**เก็บกวาดงานค้าง** ปล่อยหนังสือที่ค้างอยู่กับโปรแกรมที่ตายไปแล้ว และปิดรอบงานที่ค้าง

Gives back what killed processes held, closes runs nobody works on, and counts what is stuck.

| it says | do |
|---|---|
| Attention, “… letters_waiting” | look at the runs of `process`: do they run and end? |
| Attention, “… cases_stuck” | `saraban status`, then `logs/prefect-worker.log` |
"""

REPORT: Final = """\
**รายงานประจำเดือน** เดือนละฉบับเท่านั้น สั่งซ้ำได้ไม่เกิดฉบับที่สอง

Makes the report of a month that is over, once for each month, however often it is run.

| it says | do |
|---|---|
| Failed, “not over” | ask for it after the month's last day |
"""

TRAIN: Final = """\
**เรียนรู้จากที่คนแก้** แบบจำลองใหม่ใช้เมื่อไม่แย่กว่าเดิมเท่านั้น

Learns from people's decisions; a new model answers only if it is not worse.

| it says | do |
|---|---|
| Attention, “refused” | nothing: the model in force goes on. If it lasts, see the last decisions |
| Attention, “more abstentions” | look at triage: a new kind of letter? |
"""

EVALUATE: Final = """\
**วัดความแม่นยำของการจำแนก** ไม่เปลี่ยนแปลงอะไร

Measures how well the classifier does on letters of writers it has not seen. Changes nothing.

| it says | do |
|---|---|
| Attention, “below …” | `saraban models list`; go back if the newest is worse |
"""

BACKUP: Final = """\
**สำรองข้อมูล** ฐานข้อมูล แฟ้ม แบบจำลอง และการตั้งค่า แล้วตรวจสำเนา

Copies database, blobs, models and configuration, and checks the copy. Earlier ones stay.

| it says | do |
|---|---|
| Failed, `backup_failed` | rights and room of `SARABAN_BACKUP_FOLDER`; then run it again by hand |
| Attention, `backup_incomplete` | the house itself lacks blobs: `saraban verify` |
"""

VERIFY: Final = """\
**ตรวจความครบถ้วน** แฟ้ม ทะเบียน ร่องรอยการใช้งาน และวันครบกำหนด ไม่เปลี่ยนแปลงอะไร

Looks whether blobs, register, audit trail, due dates and ledger are whole. Changes nothing.

| it says | do |
|---|---|
| Failed | delete nothing; see “Backup and restore” in the operator's guide |
"""
