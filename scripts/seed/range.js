// What range.mmu does, through JavaScript: the answer of 3.19, invalidate_range(), which comes between the clearing
// of the entries and the freeing of the pages, and once more before page-table pages are freed. Each race of the
// other scripts, with the driver that uses it: no page is lost, and no device gives up.

const m = machine({ kernel: '3.19', cpus: 2, memory: '1G' })
const amd0 = m.iommu('amd0', { vendor: 'amd' })
const gpu = amd0.device('gpu', { ats: true, pri: true, atc: 64, retries: 3 })
const app = m.process('app', { threads: ['main'] })
const data = m.file('data', '64K', { content: 'on disk' })
m.bind(gpu, app, { pasid: 1, driver: 'range' })

// too-early.mmu
m.scenario('too_early')
  .setup(r => {
    const buf = r(app.main).mmap('16K', 'rw', { as: 'buf' })
    r(app.main).write(buf, 'payload')
    r(app.main).touch(buf, { write: true })
    return buf
  })
  .race((r, buf) => {
    r(app.main).munmap(buf)
    r(gpu).dma.write(buf.at(0, '4K'), { value: 0xab })
  })
  .forbid('use_after_free', 'device_failed')
  .explore()

// too-late.mmu
m.scenario('too_late')
  .setup(r => {
    const main = r(app.main)
    const keep = main.mmap(0x1000_0010_0000n, '4K', 'rw', { fixed: true, as: 'keep' })
    main.touch(keep, { write: true })
    const buf = main.mmap(0x1000_0000_0000n, '4K', 'rw', { fixed: true, as: 'buf' })
    const map = main.mmap(0x1000_0000_1000n, '4K', 'rw', { fixed: true, shared: true, file: data, as: 'map' })
    main.touch(buf, { write: true })
    main.touch(map, { write: true })
    return buf
  })
  .race((r, buf) => {
    r(app.main).munmap('0x1000_0000_0000 +8K')
    r(gpu).dma.write(buf.at(0, '4K'), { value: 0xab })
  })
  .forbid('use_after_free', 'device_failed')
  .explore()

// page-table.mmu
m.scenario('page_table')
  .setup(r => {
    const buf = r(app.main).mmap(0x1000_0000_0000n, '4K', 'rw', { fixed: true, as: 'buf' })
    r(app.main).touch(buf, { write: true })
    return buf
  })
  .race((r, buf) => {
    r(app.main).munmap(buf)
    r(gpu).dma.write(buf, { value: 0xab })
    r(gpu).dma.write(buf, { value: 0xcd })
  })
  .forbid('use_after_free', 'device_failed')
  .explore()

// storm.mmu
const storm = m.scenario('storm')
  .setup(r => {
    const dropped = r(app.main).mmap('4K', 'rw', { as: 'dropped' })
    const work = r(app.main).mmap('4K', 'rw', { as: 'work' })
    r(app.main).touch(dropped, { write: true })
    r(app.main).touch(work, { write: true })
    return { dropped, work }
  })
  .race((r, { dropped, work }) => {
    r(app.main).madvise(dropped, 'dontneed')
    r(gpu).dma.write(work, { value: 0xab })
  })
  .forbid('use_after_free', 'device_failed')
  .maximum('gpu.requests', 'amd0.interrupts')
  .explore()
const [, , requests, interrupts] = storm.verdicts
print(`at most ${requests.value} page requests and ${interrupts.value} interrupts`)

// A device that works on the very page that is being dropped asks for it again, and gets a new one.
m.scenario('dropped')
  .setup(r => {
    const buf = r(app.main).mmap('4K', 'rw', { as: 'buf' })
    r(app.main).touch(buf, { write: true })
    return buf
  })
  .race((r, buf) => {
    r(app.main).madvise(buf, 'dontneed')
    r(gpu).dma.write(buf, { value: 0xab })
  })
  .forbid('use_after_free', 'device_failed')
  .explore()
