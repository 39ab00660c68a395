using System.Xml.Linq;

using Dsp.Tests.Support;

namespace Dsp.Tests.Architecture;

/// <summary>The project files, read as they stand: what each one references.</summary>
internal static class Projects
{
    /// <summary>Project names below <c>src</c>.</summary>
    public static IReadOnlyList<string> OfTheProduct { get; } =
        [.. Repository.FilesBelow(Repository.PathOf("src"), "*.csproj").Select(file => Path.GetFileNameWithoutExtension(file))];

    /// <summary>The projects this project file names itself.</summary>
    public static IReadOnlyList<string> DirectReferences(string project) =>
        [.. Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

    /// <summary>All projects that are published along with this one.</summary>
    public static IReadOnlySet<string> PublishedWith(string project)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>(DirectReferences(project));
        while (waiting.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var reference in DirectReferences(next))
                {
                    waiting.Push(reference);
                }
            }
        }

        return reached;
    }

    /// <summary>The values of one kind of item, such as <c>PackageReference</c>, in one project file.</summary>
    public static IReadOnlyList<string> Items(string project, string kind) =>
        [.. XDocument.Load(FileOf(project)).Descendants(kind).Select(item => (string?)item.Attribute("Include")).OfType<string>()];

    private static string FileOf(string project)
    {
        var inProduct = Repository.PathOf("src", project, project + ".csproj");
        return File.Exists(inProduct) ? inProduct : Repository.PathOf("tests", project, project + ".csproj");
    }
}
