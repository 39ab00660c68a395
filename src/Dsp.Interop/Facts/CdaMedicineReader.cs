using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>Medicines and vaccines of CDA: product, ingredients, dosage lines; orders and dispenses of them.</summary>
internal sealed class CdaMedicineReader(CdaValues values, CdaTexts texts)
{
    public Fact Read(XElement e, Fact fact, Concept? code, CdaContext context)
    {
        var product = (e.Child("consumable") ?? e.Child("product"))?.Child("manufacturedProduct");
        var material = product?.Elements().FirstOrDefault(m => m.Name.LocalName is "manufacturedMaterial" or "manufacturedLabeledDrug");
        var ingredients = Ingredients(material);
        var named = values.Concept(material?.Child("code"));
        // eHDSI and CDA pharmacy extensions name the product beside its code; words of absence ("UNK") are no name.
        var name = texts.Of(material?.Child("name")) is { } words && !AbsentCodes.SaysNoneInWords(words) ? words : null;
        var subject = named is { SaysSomething: true } ? named with { Text = named.Text ?? name }
            : name is not null ? new Concept(Text: name, Absent: named?.Absent)
            : ingredients.Count > 0 ? ingredients[0].Substance
            : null;
        var inherited = context.Product;
        // "No medication information" and "no known medications" stand in the code of the administration itself.
        var says = AbsentCodes.Says(code);
        var (start, end) = Times(e);
        return fact with
        {
            Code = says is not null ? code : subject ?? inherited ?? named ?? (code is { SaysSomething: true } ? code : new Concept(Absent: material?.Attr("nullFlavor") ?? code?.Absent ?? "NI")),
            Aspect = says is null && code is { HasCode: true } ? code : null,
            Ingredients = ingredients.Count > 0 ? ingredients : null,
            Doses = Line(e, material) is { SaysSomething: true } line ? [line] : null,
            Quantity = values.Quantity(e.Child("quantity")),
            Lot = texts.Of(material?.Child("lotNumberText")),
            Start = start,
            End = end,
        };
    }

    /// <summary>A further dosage line of the same medicine: tapered, split or conditional.</summary>
    public Fact WithLine(XElement e, Fact fact) =>
        Line(e, null) is { SaysSomething: true } line && (fact.Doses?.Count ?? 0) < 32 ? fact with { Doses = [.. fact.Doses ?? [], line] } : fact;

    /// <summary>From and until: the interval among the times of an administration, or its single point.</summary>
    private static (FactDate?, FactDate?) Times(XElement e)
    {
        var times = e.Children("effectiveTime").ToList();
        var interval = times.FirstOrDefault(t => CdaValues.TypeOf(t) is "IVL_TS" && (t.Child("low") is not null || t.Child("high") is not null))
            ?? times.FirstOrDefault(t => t.Child("low") is not null || t.Child("high") is not null)
            ?? times.FirstOrDefault(t => t.Attr("value") is not null)
            ?? times.FirstOrDefault();
        return CdaValues.Period(interval);
    }

    private Dosage? Line(XElement e, XElement? material)
    {
        var timing = e.Children("effectiveTime").SelectMany(t => t.Elements().Where(c => c.Is("comp")).Prepend(t)).ToList();
        var periods = timing.Where(t => t.Child("period") is not null).ToList();
        var period = periods.Select(t => values.Quantity(t.Child("period"))).FirstOrDefault(p => p is { Type: not FactValueType.Absent });
        var events = timing.Select(t => values.Concept(t.Child("event"))).OfType<Concept>().Take(8).ToList();
        var (start, end) = Times(e);
        return new Dosage
        {
            Text = texts.Of(e.Child("text")) is { } words && e.Child("text")!.Elements().All(c => c.Name.LocalName != "reference") ? words : null,
            Dose = Said(values.Quantity(e.Child("doseQuantity"))),
            Rate = Said(values.Quantity(e.Child("rateQuantity"))),
            Route = values.Concept(e.Child("routeCode")) is { SaysSomething: true } route ? route : null,
            Site = values.Concept(e.Child("approachSiteCode")) is { SaysSomething: true } site ? site : null,
            Form = (values.Concept(e.Child("administrationUnitCode")) ?? values.Concept(material?.Elements().FirstOrDefault(c => c.Name.LocalName == "formCode"))) is { SaysSomething: true } form ? form : null,
            Period = period,
            Events = events.Count > 0 ? events : null,
            Most = e.Child("maxDoseQuantity") is { } most ? Said(values.Strength(most)) : null,
            AsNeeded = e.Children("precondition").Any(),
            Start = start is { Absent: null } ? start : null,
            End = end is { Absent: null } ? end : null,
        };
    }

    /// <summary>Active ingredients of the pharmacy extensions, whatever namespace they are written in.</summary>
    private List<Ingredient> Ingredients(XElement? material)
    {
        var found = new List<Ingredient>();
        foreach (var outer in material?.Elements().Where(c => c.Name.LocalName == "ingredient").Take(32) ?? [])
        {
            var inner = outer.Elements().FirstOrDefault(c => c.Name.LocalName is "ingredient" or "ingredientSubstance") ?? outer;
            var concept = values.Concept(inner.Elements().FirstOrDefault(c => c.Name.LocalName == "code"));
            var name = texts.Of(inner.Elements().FirstOrDefault(c => c.Name.LocalName == "name"));
            if (concept is not { SaysSomething: true } && name is null) continue;
            found.Add(new Ingredient((concept ?? new Concept()) with { Text = concept?.Text ?? name }, Said(values.Strength(outer.Elements().FirstOrDefault(c => c.Name.LocalName == "quantity")))));
        }
        return found;
    }

    private static FactValue? Said(FactValue? value) => value is { Type: FactValueType.Absent } ? null : value;
}
