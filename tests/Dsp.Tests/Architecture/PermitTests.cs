using System.Reflection;
using System.Text.RegularExpressions;

using Dsp.Tests.Support;

using Xunit;

namespace Dsp.Tests.Architecture;

/// <summary>No permit, no key: only the access gate's folder can build a permit. Holds by itself until the type exists.</summary>
public sealed class PermitTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Platform = Assembly.Load("Dsp");

    private static readonly Type? Permit = Platform.GetTypes().SingleOrDefault(type => type is { Name: "Permit", DeclaringType: null });

    [Fact]
    public void The_permit_lives_in_the_access_folder() =>
        Assert.Equal("Dsp.Access", Permit?.Namespace ?? "Dsp.Access");

    [Fact]
    public void No_source_outside_the_access_folder_builds_a_permit()
    {
        var builders =
            from file in Repository.CSharpFiles("src")
            where !Repository.Relative(file).StartsWith("src/Dsp/Access/", StringComparison.Ordinal)
            where Regex.IsMatch(SourceText.CodeOf(file), @"\bnew\s+([\w.]+\.)?Permit\s*[({]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)
            select Repository.Relative(file);

        Findings.None(builders);
    }

    [Fact]
    public void No_compiled_code_outside_the_access_folder_builds_a_permit()
    {
        // The source scan misses "Permit p = new(...)"; the instruction "newobj <constructor of Permit>" cannot hide.
        var tokens = Permit?.GetConstructors(Everything).Select(constructor => constructor.MetadataToken).ToHashSet() ?? [];
        var builders =
            from type in Platform.GetTypes()
            where !(type.Namespace ?? "").StartsWith("Dsp.Access", StringComparison.Ordinal)
            from method in type.GetMethods(Everything).Concat<MethodBase>(type.GetConstructors(Everything))
            where Builds(method, tokens)
            select $"{type.FullName}.{method.Name}";

        Findings.None(builders);
    }

    [Fact]
    public void A_permit_can_be_neither_built_copied_nor_changed_from_outside()
    {
        if (Permit is not { } permit)
        {
            return;
        }

        Assert.True(permit.IsClass, "default(Permit) of a struct would be a permit nobody gave.");
        Assert.True(permit.IsSealed, "A derived permit could answer for a record it was not given for.");
        Assert.Empty(permit.GetConstructors());
        Assert.DoesNotContain(permit.GetMethods(Everything), method => method.Name == "<Clone>$");
        // An operation completes the pending entry and may say that it ended in an exception; nothing that decides can be set.
        Assert.DoesNotContain(permit.GetProperties(), property => property is { SetMethod.IsPublic: true });
        Assert.DoesNotContain(permit.GetFields(), field => !field.IsInitOnly && !field.IsLiteral);
    }

    [Fact]
    public void No_part_of_the_product_sees_the_internals_of_the_platform()
    {
        var friends = Projects.Items("Dsp", "InternalsVisibleTo");

        Assert.Empty(friends.Intersect(Projects.OfTheProduct, StringComparer.Ordinal));
    }

    private static bool Builds(MethodBase method, HashSet<int> constructors)
    {
        const byte NewObject = 0x73;
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at + 5 <= code.Length; at++)
        {
            if (code[at] == NewObject && constructors.Contains(BitConverter.ToInt32(code, at + 1)))
            {
                return true;
            }
        }

        return false;
    }
}
