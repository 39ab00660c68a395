using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dsp.Sealing;

namespace Dsp.Vault;

/// <summary>
/// Sealed contents as files: <c>{root}/{last two digits of the record}/{record}/{content}</c>. Written under another name,
/// flushed, renamed, and the folder flushed, so that a name always stands for whole bytes.
/// </summary>
public sealed partial class FileContentStore(string root) : IContentStore
{
    public async Task KeepAsync(RecordId record, ContentId content, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var file = FileOf(record, content);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var unfinished = file + ".part";
        await using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            await stream.WriteAsync(bytes, cancel);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
        FlushFolder(Path.GetDirectoryName(file)!);
    }

    public async Task ReadAsync(RecordId record, ContentId content, long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            using var handle = File.OpenHandle(FileOf(record, content), options: FileOptions.Asynchronous);
            var done = 0;
            while (done < buffer.Length)
            {
                var read = await RandomAccess.ReadAsync(handle, buffer[done..], offset + done, cancel);
                if (read == 0) throw new SealBrokenException("The content is cut");
                done += read;
            }
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SealBrokenException("The content is missing", e);
        }
    }

    public Task RemoveAsync(RecordId record, ContentId content, CancellationToken cancel)
    {
        var file = FileOf(record, content);
        if (File.Exists(file)) File.Delete(file);
        if (File.Exists(file + ".part")) File.Delete(file + ".part");
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<(RecordId Record, ContentId Content)> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (!Directory.Exists(root)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(root).SelectMany(Directory.EnumerateDirectories))
        {
            cancel.ThrowIfCancellationRequested();
            if (!Ids.TryParse(Path.GetFileName(folder), out var record)) continue;
            foreach (var file in Directory.EnumerateFiles(folder))
                if (Ids.TryParse(Path.GetFileName(file), out var content)) yield return (new RecordId(record), new ContentId(content));
        }
        await Task.CompletedTask;
    }

    private string FileOf(RecordId record, ContentId content)
    {
        var name = record.ToString();
        return Path.Combine(root, name[^2..], name, content.ToString());
    }

    /// <summary>A rename survives a power cut once its folder is on disk; the framework opens no folders, so the system is asked.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, 0);
        if (handle < 0) throw new IOException("The content folder cannot be opened for flushing");
        try
        {
            if (Flush(handle) != 0) throw new IOException("The content folder cannot be flushed to disk");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
