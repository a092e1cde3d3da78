// Every text in both languages, each in its own: no CJK in English, no Latin sentences in Chinese.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { addDeferredTexts, createTexts } from "@/shared/text";
import { texts } from "@/testing/texts";

import { loadFirstMessages } from ".";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[`${prefix}${key}`, value]] : Object.entries(flat(value, `${prefix}${key}.`)),
    ),
  );
}

const zh = flat(texts.zh as unknown as Tree);
const en = flat(texts.en as unknown as Tree);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** Product names, words that stand on WeChat’s own screens and names of files on the disk; nothing else is Latin in Chinese. */
const LATIN_IN_CHINESE = /AppID|AppSecret|Windows|Mac|IP|API|PDF|PNG|CSV|XLSX|TOML|MB|MIT|Excel|WPS|https?|Ctrl|Shift|Home|End|Esc|F8|wx|DD|backups|ledger\.db|cache\.db|logs|merchant-companion|--forget-secrets|GNOME|AppIndicator|Bark|iPhone|Server|sct\.ftqq\.com|SendKey|Webhook|SEC|JSON|WebView2 Runtime|WebView2|getUserRiskRank/g;
/** What stands on the own screens of WeChat, the member-card platform and the makers of robots: an English reader has to find these very
 *  characters. Longer names first. */
const CHINESE_IN_ENGLISH = [
  "「该功能使用次数已达当前小程序上限，暂时无法使用」",
  "《手机号计费误差问题排查指南》",
  "申请获取并验证你的手机号",
  "手机号快速验证组件",
  "微信认证主体类型",
  "手机号码获取方式",
  "管理员扫码（模拟）",
  "消息推送",
  "群机器人",
  "自定义",
  "加签",
  "接口密钥",
  "请输入手机号码",
  "小程序信息",
  "查看基本信息",
  "小程序助手",
  "申请退款",
  "确认退款",
  "我的订单",
  "个体工商户",
  "有限公司",
  "发票",
  "体验环境",
  "开发者助手",
  "公众平台",
  "开放平台",
  "企业号",
  "企业银行",
  "免费领卡",
  "付费管理",
  "我的用量",
  "全部订单",
  "开发管理",
  "开发设置",
  "登录邮箱",
  "登录密码",
  "立即支付",
  "待支付",
  "已支付",
  "白名单",
  "运营者",
  "登录",
  "购买",
  "订单",
  "管理",
  "保存",
  "生成",
  "确认",
  "支付",
  "解冻",
  "允许",
];

describe("texts", () => {
  it("has the same keys in both languages", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  it("leaves none empty", () => {
    const empty = [...Object.entries(zh), ...Object.entries(en)].filter(([, text]) => text.trim() === "");
    expect(empty).toEqual([]);
  });

  it("takes the same values in both languages", () => {
    const different = Object.keys(zh).filter(
      (key) => placeholders(zh[key] ?? "").join() !== [...new Set(placeholders(en[key] ?? ""))].join(),
    );
    expect(different).toEqual([]);
  });

  it("speaks Chinese in Chinese", () => {
    const latin = Object.entries(zh).filter(([key, text]) => {
      if (key.startsWith("illustrations.")) return false;
      const rest = text.replace(/\{\w+\}/g, "").replace(LATIN_IN_CHINESE, "");
      return /[A-Za-z]{2,}/.test(rest);
    });
    expect(latin).toEqual([]);
  });

  it("speaks English in English", () => {
    const chinese = Object.entries(en).filter(([key, text]) => {
      // What stands on the customer's own screen is Chinese.
      if (/^(illustrations\.|mode\.sees_)/.test(key)) return false;
      return /[\u3000-\u9fff\uff00-\uffef]/.test(
        CHINESE_IN_ENGLISH.reduce((rest, name) => rest.replaceAll(name, ""), text));
    });
    expect(chinese).toEqual([]);
  });

  it("says 你, and never only 确定 or 提交", () => {
    const stiff = Object.entries(zh).filter(([, text]) => /您|亲，|^确定$|提交/.test(text));
    expect(stiff).toEqual([]);
  });

  it("sets a space between Chinese and Latin or digits", () => {
    const tight = Object.entries(zh).filter(([key, text]) => {
      if (key.startsWith("illustrations.")) return false;
      return /[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]/.test(text.replace(/\{\w+\}/g, ""));
    });
    expect(tight).toEqual([]);
  });

  it.each(["zh", "en"] as const)("renders every text in %s without a left-over brace", async (language) => {
    const all = await createTexts(language);
    await addDeferredTexts(all);
    const { t } = all.global;
    const values = { n: 2, ...Object.fromEntries(Object.values(zh).flatMap(placeholders).map((name) => [name, "9"])) };
    const broken = Object.keys(zh).filter((key) => {
      const text = t(key, values);
      return text === key || /[{}]/.test(text);
    });
    expect(broken).toEqual([]);
  });
});

describe("build", () => {
  it("loads texts as syntax trees: the policy allows no eval, and no compiler is shipped", async () => {
    const { app } = await loadFirstMessages("zh");
    expect(app.name).toMatchObject({ t: 0, b: { s: texts.zh.app.name } });
    expect(readFileSync("vite.config.ts", "utf8")).toContain("__INTLIFY_DROP_MESSAGE_COMPILER__: true");
  });
});
